import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  MAX_PEER_QUOTAS,
  PEER_QUOTA_BURST,
  PEER_QUOTA_LINE_BYTES,
  PEER_QUOTA_PER_SECOND,
  PeerQuota,
} from '../support/internals.ts';

/** How many lines of so many bytes are taken until the first that is not. */
function taken(quota: PeerQuota, name: string, bytes = 1): number {
  let lines = 0;
  while (quota.take(name, bytes)) {
    lines += 1;
  }
  return lines;
}

describe('the quota of each peer', () => {
  test('a burst, then so much a second, and never more than a burst', () => {
    let now = 0;
    const quota = new PeerQuota(() => now);
    assert.equal(taken(quota, 'mallory'), PEER_QUOTA_BURST);
    assert.equal(taken(quota, 'mallory'), 0);
    now += 2_000;
    assert.equal(taken(quota, 'mallory'), 2 * PEER_QUOTA_PER_SECOND);
    now += 3_600_000;
    assert.equal(taken(quota, 'mallory'), PEER_QUOTA_BURST);
  });

  test('long texts count for as many lines as they fill; one who says too much takes nothing from others', () => {
    const quota = new PeerQuota(() => 0);
    assert.equal(taken(quota, 'mallory', 16 * PEER_QUOTA_LINE_BYTES), PEER_QUOTA_BURST / 16);
    assert.equal(taken(quota, 'bob', PEER_QUOTA_LINE_BYTES), PEER_QUOTA_BURST);
    assert.equal(taken(quota, 'carol', 0), PEER_QUOTA_BURST);
  });

  test('who goes on is remembered, whoever else comes', () => {
    const quota = new PeerQuota(() => 0);
    taken(quota, 'mallory');
    for (let peer = 0; peer < 2 * MAX_PEER_QUOTAS; peer++) {
      assert.equal(quota.take(`peer${peer}`, 1), true);
      assert.equal(quota.take('mallory', 1), false);
    }
  });
});
