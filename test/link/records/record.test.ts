import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  frameRecord,
  KIND,
  type Kind,
  MAX_MESSAGE,
  MAX_RECORD,
  paddedLength,
  readRecord,
} from '../support/internals.ts';

const KINDS = Object.keys(KIND) as Kind[];

describe('padding', () => {
  for (const [body, padded] of [
    [0, 64],
    [61, 64],
    [62, 128],
    [125, 128],
    [126, 256],
    [253, 256],
    [254, 512],
    [509, 512],
    [510, 1_024],
    [1_021, 1_024],
    [1_022, 2_048],
    [64_509, 64_512],
    [64_510, MAX_RECORD],
    [MAX_MESSAGE, MAX_RECORD],
  ] as const) {
    test(`a body of ${body} bytes makes a record of ${padded}`, () =>
      assert.equal(paddedLength(body), padded));
  }
});

test('what is written is read again, for every kind and size, over memory that was dirty', () => {
  const bodies = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 2_000 }),
    fc.constant(new Uint8Array(MAX_MESSAGE).fill(7)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), bodies, (kind, data) => {
      const body = kind === 'data' ? data : new Uint8Array(0);
      const memory = new Uint8Array(MAX_RECORD).fill(0xee);
      memory.set(body, 3);
      const record = memory.subarray(0, frameRecord(memory, kind, body.length));
      const read = readRecord(record);
      assert.equal(read.kind, kind);
      assert.deepEqual(Buffer.from(read.body), Buffer.from(body));
    }),
  );
});

test('any amount of padding is accepted, none included', () => {
  assert.deepEqual(readRecord(Uint8Array.of(0, 0, 1, 9)).body.slice(), Uint8Array.of(9));
  assert.deepEqual(readRecord(Uint8Array.of(0, 0, 1, 9, 0, 0, 0)).body.slice(), Uint8Array.of(9));
});

describe('refused as bad_record', () => {
  for (const [why, record] of [
    ['an empty record', []],
    ['a header cut short', [0, 0]],
    ['an unknown kind', [4, 0, 0]],
    ['a body beyond the record', [0, 0, 2, 9]],
    ['padding that is not zero', [0, 0, 1, 9, 0, 1]],
    ['padding that is not zero behind CLOSE', [1, 0, 0, 0, 0, 0, 1]],
    ['DATA without a body', [0, 0, 0, 0]],
    ['CLOSE with a body', [1, 0, 1, 9]],
    ['PING with a body', [2, 0, 1, 9]],
    ['PONG with a body', [3, 0, 1, 9]],
  ] as const) {
    test(why, () => assert.throws(() => readRecord(Uint8Array.from(record)), { code: 'bad_record' }));
  }
});
