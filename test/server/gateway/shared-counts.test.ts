import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lastConn, newSharedCounts, nextConn } from '../support/internals.ts';

describe('the numbers of links', () => {
  test('begin with 1', () => {
    const counts = newSharedCounts(1);
    assert.deepEqual([lastConn(counts), nextConn(counts), nextConn(counts), lastConn(counts)], [0, 1, 2, 2]);
  });

  test('go on where 32 bits end', () => {
    const counts = newSharedCounts(1);
    counts.conns[0] = 2n ** 32n - 1n;
    assert.deepEqual(
      [nextConn(counts), nextConn(counts), lastConn(counts)],
      [2 ** 32, 2 ** 32 + 1, 2 ** 32 + 1],
    );
  });
});
