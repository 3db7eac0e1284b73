import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, FrameReader } from './support/internals.ts';

test('any cut of the stream gives the same frames', () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(400)), (frames, cuts) => {
      const stream = Buffer.concat(frames.map(encodeFrame));
      const reader = new FrameReader();
      const seen: Uint8Array[] = [];
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        reader.push(stream.subarray(at, at + cut));
        at += cut;
        for (let body = reader.body(1, 300); body !== undefined; body = reader.body(1, 300)) {
          seen.push(Uint8Array.from(body));
        }
      }
      assert.deepEqual(seen, frames);
      assert.equal(reader.unread, false);
    }),
  );
});

test('a length out of bounds is refused before its body has come', () => {
  for (const [length, minimum, maximum] of [
    [0, 1, 10],
    [11, 1, 10],
    [65_535, 1, 4_096],
    [18, 19, 65_535],
  ] as const) {
    const reader = new FrameReader();
    reader.push(Uint8Array.of(length >>> 8, length & 0xff));
    assert.throws(() => reader.body(minimum, maximum), { code: 'bad_frame' }, `length ${length}`);
  }
});

test('a chunk that comes while another is unread is kept behind it', () => {
  const reader = new FrameReader();
  reader.push(Uint8Array.of(0, 1, 7, 0));
  assert.deepEqual(Uint8Array.from(reader.body(1, 9) ?? []), Uint8Array.of(7));
  reader.push(Uint8Array.of(1, 8));
  assert.deepEqual(Uint8Array.from(reader.body(1, 9) ?? []), Uint8Array.of(8));
});
