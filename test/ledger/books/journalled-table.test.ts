import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JournalledTable } from '../support/internals.ts';

const pair = (row: string, image: number) => [row, image] as const;

describe('a journalled table', () => {
  test('keeps what was committed of a row, however often it changes', () => {
    const table = new JournalledTable<string, number>();
    assert.equal(table.isChanged, false);
    table.change('alice', 1);
    table.change('bob', 5);
    table.change('alice', 2);
    assert.equal(table.isChanged, true);
    assert.deepEqual(table.changed(pair), [
      ['alice', 1],
      ['bob', 5],
    ]);
    assert.deepEqual(table.added(), []);
  });

  test('has no image of a row that is new', () => {
    const table = new JournalledTable<string, number>();
    table.add('carol');
    table.add('alice');
    table.change('carol', 3);
    assert.deepEqual([table.isNew('carol'), table.isNew('bob'), table.isChanged], [true, false, true]);
    assert.deepEqual([table.added(), table.changed(pair)], [['carol', 'alice'], []]);
  });

  test('begins again once all of it is committed', () => {
    const table = new JournalledTable<string, number>();
    table.add('carol');
    table.change('alice', 1);
    const added = table.added();
    table.settle();
    assert.deepEqual([table.isChanged, table.added(), table.changed(pair)], [false, [], []]);
    assert.deepEqual(added, ['carol'], 'what was given away stays');
    table.change('carol', 3);
    assert.deepEqual(table.changed(pair), [['carol', 3]]);
  });
});
