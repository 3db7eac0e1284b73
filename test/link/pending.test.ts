import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Silent } from './support/internals.ts';

test('the oldest of a source, and of all; whoever has spoken or gone is no longer there', () => {
  const silent = new Silent<string>();
  for (const one of ['a1', 'b1', 'a2', 'b2']) silent.add(one, one.slice(0, 1));
  assert.deepEqual([silent.oldest(), silent.oldest('a'), silent.oldest('b')], ['a1', 'a1', 'b1']);
  silent.delete('a1');
  silent.delete('a1');
  assert.deepEqual([silent.oldest(), silent.oldest('a'), silent.oldest('c')], ['b1', 'a2', undefined]);
  for (const one of ['a2', 'b1', 'b2']) silent.delete(one);
  assert.deepEqual([silent.size, silent.oldest(), silent.oldest('b')], [0, undefined, undefined]);
});
