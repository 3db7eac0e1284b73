import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_NAMES, OnlineNames } from '../../support/internals.ts';

test('who comes is there until they go, or until a list says otherwise', () => {
  const names = new OnlineNames();
  for (const name of ['alice', 'bob', 'alice']) {
    names.add(name);
  }
  names.remove('bob');
  assert.deepEqual([...names], ['alice']);
  names.replace([{ name: 'carol' }, { name: 'dan' }]);
  assert.deepEqual([...names], ['carol', 'dan']);
});

test('of more than are kept, those seen last are kept', () => {
  const names = new OnlineNames();
  names.add('first');
  names.add('second');
  for (let n = 2; n < MAX_NAMES; n++) {
    names.add(`n${n}`);
  }
  names.add('first');
  names.add('one-more');
  const kept = [...names];
  assert.equal(kept.length, MAX_NAMES);
  assert.ok(kept.includes('first') && !kept.includes('second'));
  names.replace(Array.from({ length: 2 * MAX_NAMES }, (_, n) => ({ name: `m${n}` })));
  assert.equal([...names].length, MAX_NAMES);
});
