import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newOrderId } from '../../src/client/index.ts';

const hex = (id: Uint8Array) => Buffer.from(id).toString('hex');

test('an id is a UUIDv7: the time, the version and the variant stand where RFC 9562 5.7 has them', () => {
  // Far ahead, so that the ids of other tests are behind it.
  const ms = 0x0f00_0000_0001;
  const id = newOrderId(ms);
  assert.equal(id.length, 16);
  assert.equal(hex(id.subarray(0, 6)), '0f0000000001');
  assert.equal((id[6] ?? 0) >> 4, 7);
  assert.equal((id[8] ?? 0) >> 6, 0b10);
});

test('ids differ and sort in their order, in one millisecond, over a full counter, and when the clock goes back', () => {
  const start = 0x0f10_0000_0000;
  const ids = [
    ...Array.from({ length: 10_000 }, () => newOrderId(start)),
    newOrderId(start - 5_000),
    newOrderId(start + 1),
    newOrderId(start + 100),
  ].map(hex);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids.toSorted(), ids);
});
