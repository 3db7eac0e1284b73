import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Backend, chooseBackend } from '../../src/noise/index.ts';
import { FRAME_HEADER, FrameReader, MIN_SEALED_FRAME, TAG_LENGTH } from '../link/support/internals.ts';
import type { End } from '../link/support/pipe.ts';
import { flushed } from '../link/support/pipe.ts';
import { fixedSide, RecordSealer, reader, SAMPLES } from '../link/support/records.ts';

const noble = chooseBackend('noble');

/** What a frame whose header says `length` must come to, when `available` bytes are behind it. */
function codeOfLength(length: number, available: number): string | undefined {
  if (length < MIN_SEALED_FRAME) {
    return 'bad_frame';
  }
  return length > available ? undefined : 'decrypt_failed';
}

/**
 * Has `end` read bytes of which nothing may be reported: they are refused with `code`, the keys are gone, and
 * what comes behind them, good or not, is lost; or, without a code, they are the beginning of something that
 * never comes.
 */
function assertUnheard(end: End, bytes: Uint8Array, code: string | undefined, what: string): void {
  if (code === undefined) {
    assert.deepEqual(end.read(bytes), [], what);
  } else {
    assert.throws(() => end.read(bytes), { name: 'LinkError', code }, what);
  }
  assert.equal(end.channel.dirty, false, `${what}: it is answered`);
  assert.equal(end.channel.closeReceived, false, what);
  if (code !== undefined) {
    assertDead(end, what);
  }
}

/** Records that would be good, were the keys still there, whether or not the bad one has counted. */
const GOOD = (() => {
  const sealer = new RecordSealer();
  return Buffer.concat([sealer.seal('data', 9), sealer.seal('data', 9)]);
})();

function assertDead(end: End, what: string): void {
  const later = new FrameReader();
  later.push(GOOD);
  assert.throws(() => end.channel.receive(later, 0), { name: 'LinkError' }, what);
  end.channel.close();
  assert.throws(() => flushed(end.channel), { code: 'dead' }, what);
}

describe('a byte of a record’s frame changed', () => {
  for (const [kind, length] of SAMPLES) {
    const sealer = new RecordSealer();
    const [frame, next] = [sealer.seal(kind, length), sealer.seal('data', 5)];
    const flip = (at: number, mask: number, backend?: Backend) => {
      const changed = Buffer.concat([frame, next]);
      changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
      const header = changed.readUInt16BE(0);
      const code = at < FRAME_HEADER ? codeOfLength(header, changed.length - FRAME_HEADER) : 'decrypt_failed';
      assertUnheard(reader(backend), changed, code, `byte ${at} ^ ${mask}`);
    };

    test(`${kind} of ${length} bytes, one bit and all bits of each byte: ${2 * frame.length} cases`, () => {
      for (let at = 0; at < frame.length; at++) {
        for (const mask of [1 << (at & 7), 255]) {
          flip(at, mask);
        }
      }
    });

    const sample = Array.from({ length: frame.length }, (_, at) => at).filter((at) => at % 29 < 3);
    test(`${kind} of ${length} bytes, on noble: ${sample.length} cases`, () => {
      for (const at of sample) {
        flip(at, 1 << (at & 7), noble);
      }
    });
  }
});

describe('a record’s frame of another length', () => {
  for (const [kind, length] of SAMPLES) {
    const frame = new RecordSealer().seal(kind, length);
    const body = frame.length - FRAME_HEADER;
    const lengths = [
      ...Array.from({ length: body }, (_, at) => at),
      ...Array.from({ length: 64 }, (_, at) => body + 1 + at),
      65_535,
    ];
    test(`${kind} of ${length} bytes, cut to each length and lengthened: ${lengths.length} cases`, () => {
      for (const other of lengths) {
        const changed = Buffer.alloc(FRAME_HEADER + other);
        frame.copy(changed);
        changed.writeUInt16BE(other);
        assertUnheard(reader(), changed, codeOfLength(other, other), `${other} bytes`);
      }
    });
  }

  test('a header of 65535 without a body: nothing is reported, and the stream’s end is truncation', () => {
    assertUnheard(reader(), Buffer.of(255, 255), undefined, 'header');
    assertUnheard(reader(), Buffer.alloc(FRAME_HEADER + 65_534, 255), undefined, 'all but one byte');
  });
});

describe('sealed as it should be, but against the rules', () => {
  const cases: [string, Uint8Array][] = [];
  for (let kind = 4; kind <= 255; kind++) {
    cases.push([`kind ${kind}`, Uint8Array.of(kind, 0, 1, 9, ...new Uint8Array(60))]);
  }
  for (let at = 4; at < 64; at++) {
    const record = Uint8Array.of(0, 0, 1, 9, ...new Uint8Array(60));
    record[at] = 1;
    cases.push([`padding that is not zero at byte ${at}`, record]);
  }
  for (const kind of [1, 2, 3]) {
    cases.push([`kind ${kind} with a body`, Uint8Array.of(kind, 0, 1, 9, ...new Uint8Array(60))]);
  }
  for (const length of [62, 63, 256, 65_535]) {
    const record = new Uint8Array(64);
    record.set([0, length >>> 8, length & 0xff]);
    cases.push([`a body of ${length} in a record of 64 bytes`, record]);
  }
  cases.push(['DATA without a body', new Uint8Array(64)]);
  cases.push(['DATA without a body or padding', new Uint8Array(3)]);

  test(`refused as bad_record: ${cases.length} cases`, () => {
    for (const [what, record] of cases) {
      assertUnheard(reader(), new RecordSealer().sealRecord(record), 'bad_record', what);
    }
  });

  test('too short to be a record: 3 cases', () => {
    for (let length = 0; length < 3; length++) {
      const frame = new RecordSealer().sealRecord(new Uint8Array(length));
      assert.equal(frame.length, FRAME_HEADER + length + TAG_LENGTH);
      assertUnheard(reader(), frame, 'bad_frame', `${length} bytes`);
    }
  });

  test('any amount of padding is good, none included', () => {
    const sealer = new RecordSealer();
    const end = reader();
    for (const padding of [0, 1, 59, 60, 61, 500, 65_515]) {
      const record = Uint8Array.of(0, 0, 1, 9, ...new Uint8Array(padding));
      const [received] = end.read(sealer.sealRecord(record));
      assert.deepEqual(received, { type: 'data', body: Uint8Array.of(9) });
    }
  });
});

test('the responder’s own records are refused by the responder', () => {
  const { send } = fixedSide(false).transport;
  const frame = Buffer.concat([Buffer.of(0, 80), send.seal(new Uint8Array(0), new Uint8Array(64))]);
  assertUnheard(reader(), frame, 'decrypt_failed', 'reflected');
});
