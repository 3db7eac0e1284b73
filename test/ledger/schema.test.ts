import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { openSqlite } from '../../src/ledger/index.ts';
import { MIGRATIONS } from '../../src/ledger/sqlite/schema.ts';
import { keyOf, newPath, openAt, openOn, order, pay, registerAll } from './fixtures.ts';

/** The first value of the first row. */
function read(path: string, sql: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return Object.values(database.prepare(sql).get() ?? {})[0];
  } finally {
    database.close();
  }
}

const VERSION = 'PRAGMA user_version';

describe('migration', () => {
  test('brings each older schema to the latest one, with all that it holds', async (t) => {
    for (let version = 1; version < MIGRATIONS.length; version += 1) {
      const path = newPath(t);
      const old = await openOn(t, openSqlite(path, MIGRATIONS.slice(0, version)), { grant: 100 });
      await registerAll(old, 'alice', 'bob');
      await pay(old, order('alice', 'bob', 30, 1));
      await old.commit();
      await old.close();
      assert.equal(read(path, VERSION), version);

      const ledger = await openAt(t, path);
      assert.equal(read(path, VERSION), MIGRATIONS.length);
      assert.equal(ledger.account('bob')?.balance, 130);
      assert.equal((await pay(ledger, order('alice', 'bob', 30, 1))).status, 'exists');
      assert.equal((await ledger.audit()).ok, true);
      assert.equal(read(path, 'SELECT payer FROM journal WHERE seq = 3'), 'alice');
      await ledger.close();
    }
  });

  test('that fails midway leaves the schema before it', async (t) => {
    const path = newPath(t);
    await (await openAt(t, path)).close();
    const further = 'CREATE TABLE further (id INTEGER) STRICT';
    assert.throws(() => openSqlite(path, [...MIGRATIONS, further, `${further}2; NONSENSE`]), {
      name: 'StoreError',
    });
    assert.equal(read(path, VERSION), MIGRATIONS.length + 1, 'the step before it is whole');
    assert.equal(read(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'further%'"), 1);
    assert.throws(() => openSqlite(path), { code: 'newer_schema' });
  });

  test('that leaves a reference to nothing is taken back', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path);
    await registerAll(ledger, 'alice');
    await ledger.close();
    assert.throws(() => openSqlite(path, [...MIGRATIONS, 'DELETE FROM account WHERE id = 1']), {
      code: 'damaged',
    });
    const reopened = await openAt(t, path);
    assert.deepEqual(reopened.account('alice')?.key, keyOf('alice'));
  });
});

describe('the constraints refuse what a mistake in the rules could write', () => {
  const transfer = (values: string) => `INSERT INTO transfer VALUES (${values})`;
  const TABLE = [
    'UPDATE account SET balance = -1 WHERE id = 1',
    'UPDATE account SET balance = 1 WHERE id = 0',
    "UPDATE account SET balance = 'rich' WHERE id = 1",
    'UPDATE account SET key = zeroblob(31) WHERE id = 1',
    'UPDATE account SET key = NULL WHERE id = 1',
    'UPDATE account SET key = zeroblob(32) WHERE id = 0',
    "INSERT INTO account VALUES (9, 'alice', zeroblob(32), 0, 0)",
    transfer('4, zeroblob(16), 1, 2, 0, NULL, 0'),
    transfer('4, zeroblob(15), 1, 2, 1, NULL, 0'),
    transfer('4, zeroblob(16), 1, 1, 1, NULL, 0'),
    transfer('4, zeroblob(16), 1, 0, 1, NULL, 0'),
    transfer('4, zeroblob(16), 1, 9, 1, NULL, 0'),
    transfer('0, zeroblob(16), 1, 2, 1, NULL, 0'),
    transfer('4, (SELECT id FROM transfer WHERE seq = 3), 1, 2, 1, NULL, 0'),
    'INSERT INTO friendship VALUES (1, 1, 0)',
    'INSERT INTO friendship VALUES (2, 1, 0)',
    'INSERT INTO friendship VALUES (1, 9, 0)',
    'UPDATE friendship SET accepted = 2',
    'DELETE FROM account WHERE id = 2',
    "INSERT INTO currency VALUES (2, 'euros', 2)",
  ];

  test('each of them', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path, { grant: 100 });
    await registerAll(ledger, 'alice', 'bob');
    await pay(ledger, order('alice', 'bob', 30, 1));
    ledger.befriend('alice', 'bob');
    await ledger.commit();
    const database = new DatabaseSync(path);
    t.after(() => database.close());
    for (const statement of TABLE) {
      assert.throws(() => database.exec(statement), /constraint failed|cannot store/, statement);
    }
    database.exec(transfer('4, zeroblob(16), 1, 2, 1, NULL, 0'));
  });
});
