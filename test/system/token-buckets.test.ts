import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_IDLE_BUCKETS, Rates } from './support/internals.ts';

describe('token buckets', () => {
  test('a burst at once, then as many as time brings, and never more than a burst', () => {
    const rates = new Rates(10, 3);
    const takes = (now: number, times: number) => Array.from({ length: times }, () => rates.take('a', now));
    assert.deepEqual(takes(0, 4), [true, true, true, false]);
    assert.deepEqual(takes(99, 1), [false]);
    assert.deepEqual(takes(200, 3), [true, true, false]);
    assert.deepEqual(takes(1_000_000, 4), [true, true, true, false]);
  });

  test('a clock that goes back gives nothing and takes nothing', () => {
    const rates = new Rates(1, 1);
    assert.equal(rates.take('a', 10_000), true);
    assert.equal(rates.take('a', 0), false);
    assert.equal(rates.take('a', 1_000), true);
  });

  test('each key has its own', () => {
    const rates = new Rates(1, 1);
    assert.deepEqual([rates.take('a', 0), rates.take('b', 0), rates.take('a', 0)], [true, true, false]);
  });

  test('what costs more than is there takes nothing', () => {
    const rates = new Rates(10, 3);
    assert.deepEqual([rates.take('a', 0, 2), rates.take('a', 0, 2), rates.take('a', 0)], [true, false, true]);
    assert.equal(rates.take('a', 1_000, 4), false);
    assert.equal(rates.take('a', 1_000, 3), true);
  });

  test('with a bound the key used least recently is forgotten, used in vain or not', () => {
    const rates = new Rates(1, 1, 2);
    assert.deepEqual([rates.take('a', 0), rates.take('b', 0), rates.take('a', 0)], [true, true, false]);
    assert.equal(rates.take('c', 0), true);
    assert.equal(rates.size, 2);
    assert.deepEqual([rates.take('a', 0), rates.take('c', 0), rates.take('b', 0)], [false, false, true]);
  });

  test('those that are full again are forgotten, others are not', () => {
    const rates = new Rates(1, 1);
    for (let index = 0; index < MAX_IDLE_BUCKETS - 1; index++) {
      rates.take(`idle ${index}`, 0);
    }
    rates.take('busy', 5_000);
    rates.take('new', 5_001);
    assert.equal(rates.size, 2);
    assert.equal(rates.take('busy', 5_001), false);
  });
});
