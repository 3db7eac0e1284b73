import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Ledger, sqliteArchive } from '../../../src/ledger/index.ts';
import { allSeqs, idOf, keyOf, NOW, newPath, openAt, order, pay, registerAll } from '../support/fixtures.ts';
import { APPLICATION_ID, grantId, MIGRATIONS, openSqlite } from '../support/internals.ts';

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
const PEOPLE = ['alice', 'bob', 'carol'];
/** How long a failing run is made smaller; one that passes takes a fraction of it. Milliseconds. */
const SHRINKING_MS = 60_000;
const GRANT = 1000;

/**
 * Books as an earlier version has left them: those of account 0 are grants, all others pay 1; the n-th has
 * the id n.
 */
function makeOldBooks(
  path: string,
  version: number,
  transfers: readonly (readonly [payer: number, payee: number])[],
): void {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`);
  // Filled while the tables are simple; what comes after version 2 brings the rows along.
  for (const migration of MIGRATIONS.slice(0, Math.min(version, 2))) {
    database.exec(migration);
  }
  database.exec("INSERT INTO currency VALUES (1, 'dollars', 2); BEGIN");
  const addAccount = database.prepare('INSERT INTO account VALUES (?, ?, ?, 0, 0)');
  const addTransfer = database.prepare('INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const [index, name] of PEOPLE.entries()) {
    addAccount.run(index + 1, name, keyOf(name));
  }
  for (const [index, [payer, payee]] of transfers.entries()) {
    const seq = index + 1;
    const [id, amount, memo] = payer === 0 ? [grantId(payee), GRANT, null] : [idOf(seq), 1, 'tea'];
    addTransfer.run(seq, id, payer, payee, amount, memo, NOW);
  }
  database.exec(`
    UPDATE account SET balance = (SELECT total(amount) FROM transfer WHERE payee = account.id)
                               - (SELECT total(amount) FROM transfer WHERE payer = account.id);
    COMMIT`);
  for (const migration of MIGRATIONS.slice(2, version)) {
    database.exec(migration);
  }
  database.close();
}

async function assertHistories(
  ledger: Ledger,
  transfers: readonly (readonly [payer: number, payee: number])[],
): Promise<void> {
  for (const [index, name] of PEOPLE.entries()) {
    const mine = transfers.flatMap((pair, i) => (pair.includes(index + 1) ? [i + 1] : []));
    assert.deepEqual(await allSeqs(ledger, name), mine.toReversed());
  }
}

describe('migration', () => {
  test('brings each older schema to the latest one, with all that it holds', async (t) => {
    for (let version = 1; version < MIGRATIONS.length; version += 1) {
      const path = newPath(t);
      makeOldBooks(path, version, [
        [0, 1],
        [0, 2],
        [1, 2],
      ]);
      assert.equal(read(path, VERSION), version);

      const ledger = await openAt(t, path);
      assert.equal(read(path, VERSION), MIGRATIONS.length);
      assert.equal(ledger.account('bob')?.balance, GRANT + 1);
      assert.equal((await pay(ledger, order('alice', 'bob', 1, 3, 'tea'))).status, 'exists');
      assert.deepEqual((await ledger.audit()).problems, []);
      assert.equal(read(path, 'SELECT payer FROM journal WHERE seq = 3'), 'alice');
      await ledger.close();
    }
  });

  test('from version 2: everybody finds their history, and goes on with it', async (t) => {
    const person = fc.integer({ min: 1, max: PEOPLE.length });
    const payments = fc.array(
      fc.tuple(person, person).filter(([payer, payee]) => payer !== payee),
      { maxLength: 300, size: 'max' },
    );
    const migrate = async (paid: [number, number][]) => {
      const path = newPath(t);
      const all = [...PEOPLE.map((_, index): [number, number] => [0, index + 1]), ...paid];
      makeOldBooks(path, 2, all);
      const ledger = await openAt(t, path);
      await assertHistories(ledger, all);
      for (let id = all.length + 1; id <= all.length + 70; id += 1) {
        assert.equal((await pay(ledger, order('alice', 'bob', 1, id))).status, 'ok');
      }
      await ledger.commit();
      await assertHistories(ledger, [...all, ...Array<[number, number]>(70).fill([1, 2])]);
      assert.deepEqual((await ledger.audit()).problems, []);
      await ledger.close();
    };
    await fc.assert(fc.asyncProperty(payments, migrate), {
      numRuns: 20,
      interruptAfterTimeLimit: SHRINKING_MS,
    });
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
    await assert.rejects(sqliteArchive(path).open(), { name: 'ArchiveError', code: 'newer_schema' });
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
    'UPDATE account SET last_seq = -1 WHERE id = 1',
    'UPDATE account SET transfers = 4 WHERE id = 1',
    "INSERT INTO account VALUES (9, 'alice', zeroblob(32), 0, 0, 0, 0, 0)",
    'UPDATE account SET frozen = 2 WHERE id = 1',
    'UPDATE account SET frozen = 1 WHERE id = 0',
    "UPDATE operation SET reason = 'another'",
    'DELETE FROM operation',
    "INSERT INTO operation VALUES (2, 0, 'freeze', 1, '', NULL, NULL, NULL)",
    "INSERT INTO operation VALUES (2, 0, 'melt', 1, 'x', NULL, NULL, NULL)",
    "INSERT INTO operation VALUES (2, 0, 'freeze', 9, 'x', NULL, NULL, NULL)",
    "INSERT INTO operation VALUES (2, 0, 'freeze', 0, 'x', NULL, NULL, NULL)",
    "INSERT INTO operation VALUES (2, 0, 'freeze', 1, 'x', 3, NULL, NULL)",
    "INSERT INTO operation VALUES (2, 0, 'issue', 1, 'x', NULL, NULL, NULL)",
    "INSERT INTO operation VALUES (2, 0, 'issue', 1, 'x', 99, NULL, NULL)",
    "INSERT INTO operation VALUES (2, 0, 'rekey', 1, 'x', NULL, zeroblob(32), zeroblob(32))",
    "INSERT INTO operation VALUES (2, 0, 'rekey', 1, 'x', NULL, NULL, zeroblob(32))",
    "INSERT INTO operation VALUES (2, 0, 'rekey', 1, 'x', NULL, zeroblob(32), x'01')",
    transfer('4, zeroblob(16), 1, 2, 0, NULL, 0, 3, 3'),
    transfer('4, zeroblob(15), 1, 2, 1, NULL, 0, 3, 3'),
    transfer('4, zeroblob(16), 1, 1, 1, NULL, 0, 3, 3'),
    transfer('4, zeroblob(16), 1, 9, 1, NULL, 0, 3, 0'),
    transfer('0, zeroblob(16), 1, 2, 1, NULL, 0, 3, 3'),
    transfer('4, (SELECT id FROM transfer WHERE seq = 3), 1, 2, 1, NULL, 0, 3, 3'),
    transfer('4, zeroblob(16), 1, 2, 1, NULL, 0, 4, 3'),
    transfer('4, zeroblob(16), 1, 2, 1, NULL, 0, 3, 4'),
    transfer('4, zeroblob(16), 1, 2, 1, NULL, 0, 3, -1'),
    'INSERT INTO milestone VALUES (9, 1)',
    'INSERT INTO milestone VALUES (1, 9)',
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
    ledger.operate({ kind: 'freeze', name: 'alice', reason: 'to have an entry' }, NOW);
    await ledger.commit();
    const database = new DatabaseSync(path);
    t.after(() => database.close());
    for (const statement of TABLE) {
      assert.throws(() => database.exec(statement), /constraint failed|cannot store/, statement);
    }
    database.exec(transfer('4, zeroblob(16), 1, 2, 1, NULL, 0, 3, 3'));
    database.exec('INSERT INTO milestone VALUES (1, 3)');
  });
});
