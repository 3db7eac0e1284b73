import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Backoff, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, STABLE_LINK_MS } from './support/internals.ts';

const delays = (backoff: Backoff, count: number) =>
  Array.from({ length: count }, () => backoff.next().delayMs);

test('pauses double up to the longest, and attempts are counted', () => {
  const backoff = new Backoff(() => 1 - Number.EPSILON);
  assert.deepEqual(delays(backoff, 8), [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  assert.equal(backoff.next().attempt, 9);
});

test('chance shortens a pause by half at most', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(random, fc.integer({ min: 1, max: 2_000 }), (value, attempts) => {
      const delay = delays(new Backoff(() => value), attempts).at(-1) ?? 0;
      const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
      assert.ok(delay >= whole / 2 && delay <= whole);
    }),
  );
});

test('a link that held begins anew, one that broke at once does not', () => {
  const backoff = new Backoff(() => 0);
  backoff.lost(0);
  assert.deepEqual(delays(backoff, 3), [125, 250, 500]);
  backoff.restored(1_000);
  backoff.lost(1_001);
  assert.deepEqual(delays(backoff, 1), [1_000]);
  backoff.restored(5_000);
  backoff.lost(5_000 + STABLE_LINK_MS);
  assert.deepEqual(backoff.next(), { attempt: 1, delayMs: 125 });
});
