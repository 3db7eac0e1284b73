import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { newPath } from '../support/fixtures.ts';
import { configure, requireSettings } from '../support/internals.ts';

function configured(t: TestContext, path = newPath(t)): DatabaseSync {
  const database = new DatabaseSync(path);
  t.after(() => database.close());
  configure(database);
  return database;
}

describe('the settings that an answer depends on', () => {
  test('are there once they are made', (t) => {
    assert.doesNotThrow(() => requireSettings(configured(t), 'ledger.db'));
  });

  for (const [statement, name] of [
    ['PRAGMA synchronous = NORMAL', 'synchronous'],
    ['PRAGMA synchronous = OFF', 'synchronous'],
    ['PRAGMA synchronous = EXTRA', 'synchronous'],
    ['PRAGMA journal_mode = DELETE', 'journal_mode'],
    ['PRAGMA fullfsync = OFF', 'fullfsync'],
    ['PRAGMA checkpoint_fullfsync = OFF', 'checkpoint_fullfsync'],
    ['PRAGMA foreign_keys = OFF', 'foreign_keys'],
  ] as const) {
    test(`are missed: ${statement}`, (t) => {
      const database = configured(t);
      database.exec(statement);
      assert.throws(() => requireSettings(database, 'ledger.db'), {
        name: 'StoreError',
        code: 'io',
        message: new RegExp(`^the ledger ledger\\.db cannot be written durably .*\\(${name} is `),
      });
    });
  }

  test('are missed where SQLite cannot have them, and does not say so', (t) => {
    // A database in memory takes every statement, and has no log.
    const database = configured(t, ':memory:');
    assert.throws(() => requireSettings(database, 'ledger.db'), {
      code: 'io',
      message: /journal_mode is memory/,
    });
  });
});
