import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage } from '../support/internals.ts';

test('what nobody holds any more is gone when its collection is done', async () => {
  const held = {};
  const refs = [held, {}].map((object) => new WeakRef(object));
  await collectGarbage();
  assert.deepEqual(
    refs.map((ref) => ref.deref() !== undefined),
    [true, false],
  );
  assert.notEqual(held, undefined);
});

test('several collections at once all end', async () => {
  await Promise.all([collectGarbage(), collectGarbage(), collectGarbage()]);
});
