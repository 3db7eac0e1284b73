import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import {
  APPLICATION_ID,
  BEFRIEND_STATUSES,
  CHECK_STATUSES,
  MIGRATIONS,
  OPERATION_STATUSES,
  REGISTER_STATUSES,
  TRANSFER_STATUSES,
  UNFRIEND_STATUSES,
} from './support/internals.ts';

const README = readFileSync(new URL('../../src/ledger/README.md', import.meta.url), 'utf8');

/** The words in backquotes of the second column, by what the first column says. */
const rows = new Map(
  [...README.matchAll(/^\| ([^|]+) \| ((?:`[a-z_]+`(?:, )?)+) \|$/gm)].map(([, first = '', second = '']) => [
    first,
    [...second.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word),
  ]),
);

describe('src/ledger/README.md says what the code does', () => {
  test('statuses, in order', () => {
    assert.deepEqual(rows.get('register'), [...REGISTER_STATUSES]);
    assert.deepEqual(rows.get('transfer'), [...TRANSFER_STATUSES]);
    assert.deepEqual(rows.get('check'), [...CHECK_STATUSES]);
    assert.deepEqual(rows.get('befriend'), [...BEFRIEND_STATUSES]);
    assert.deepEqual(rows.get('unfriend'), [...UNFRIEND_STATUSES]);
    assert.deepEqual(rows.get('operate'), [...OPERATION_STATUSES]);
  });

  test('tables and their columns', () => {
    const database = new DatabaseSync(':memory:');
    for (const migration of MIGRATIONS) {
      database.exec(migration);
    }
    const tables = database
      .prepare("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY type, rowid")
      .all() as { name: string; type: string }[];
    assert.ok(tables.length >= 5);
    for (const { name, type } of tables) {
      const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(name);
      const row = rows.get(type === 'view' ? `\`${name}\` (a view)` : `\`${name}\``);
      assert.deepEqual(
        row,
        columns.map((column) => column['name']),
        name,
      );
    }
    database.close();
  });

  test('version and application id', () => {
    assert.ok(README.includes(`Version ${MIGRATIONS.length}, told by`));
    assert.ok(README.includes(`0x${APPLICATION_ID.toString(16)}`));
  });
});
