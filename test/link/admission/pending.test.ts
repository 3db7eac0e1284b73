import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PendingConnections } from '../support/internals.ts';

test('the oldest of a source, and of all; whatever is no longer pending is not among them', () => {
  const pending = new PendingConnections<string>();
  for (const one of ['a1', 'b1', 'a2', 'b2']) {
    pending.add(one, one.slice(0, 1));
  }
  assert.deepEqual([pending.oldest(), pending.oldest('a'), pending.oldest('b')], ['a1', 'a1', 'b1']);
  pending.delete('a1');
  pending.delete('a1');
  assert.deepEqual([pending.oldest(), pending.oldest('a'), pending.oldest('c')], ['b1', 'a2', undefined]);
  for (const one of ['a2', 'b1', 'b2']) {
    pending.delete(one);
  }
  assert.deepEqual([pending.size, pending.oldest(), pending.oldest('b')], [0, undefined, undefined]);
});
