import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import {
  type ArchiveErrorCode,
  Ledger,
  type StoreErrorCode,
  sqliteArchive,
} from '../../../src/ledger/index.ts';
import { newPath, openAt, order, pay, registerAll } from '../support/fixtures.ts';
import { MIGRATIONS } from '../support/internals.ts';

/** Runs statements on a database as another program would. */
function execute(path: string, statements: string): void {
  const database = new DatabaseSync(path);
  database.exec(statements);
  database.close();
}

/** A ledger that was used and closed, with its bytes then changed. */
async function makeLedger(path: string, edit?: (file: Buffer) => void): Promise<void> {
  const store = await sqliteArchive(path).open();
  await store.create({ name: 'dollars', scale: 2 });
  await store.close();
  if (edit !== undefined) {
    const file = readFileSync(path);
    edit(file);
    writeFileSync(path, file);
  }
}

/** All files beside the ledger with what they hold; but for the lock, which may always be made. */
function contents(path: string): Record<string, string> {
  const names = readdirSync(dirname(path)).filter((name) => !name.endsWith('-lock'));
  return Object.fromEntries(names.map((name) => [name, contentOf(join(dirname(path), name))]));
}

function contentOf(path: string): string {
  return statSync(path).isDirectory() ? 'a directory' : hash('sha256', readFileSync(path));
}

async function openAndClose(path: string): Promise<void> {
  const store = await sqliteArchive(path).open();
  try {
    await Ledger.open(store);
  } finally {
    await store.close();
  }
}

const FOREIGN = 'CREATE TABLE account (id INTEGER); INSERT INTO account VALUES (1)';

const OF_ARCHIVES: readonly (StoreErrorCode | ArchiveErrorCode)[] = ['foreign', 'newer_schema'];

const REFUSED: [string, StoreErrorCode | ArchiveErrorCode, (path: string) => unknown][] = [
  ['a text file', 'foreign', (path) => writeFileSync(path, 'Dear diary,\n'.repeat(20))],
  ['a short text file', 'foreign', (path) => writeFileSync(path, 'hello')],
  ['another database', 'foreign', (path) => execute(path, FOREIGN)],
  [
    'another database in WAL mode',
    'foreign',
    (path) => execute(path, `PRAGMA journal_mode = WAL; ${FOREIGN}`),
  ],
  [
    'another database with its version',
    'foreign',
    (path) => execute(path, `${FOREIGN}; PRAGMA user_version = 2`),
  ],
  ['a newer schema', 'newer_schema', (path) => makeLedger(path, (file) => file.writeUInt32BE(99, 60))],
  ['an empty file', 'damaged', (path) => writeFileSync(path, '')],
  [
    'a ledger with its head overwritten',
    'foreign',
    (path) => makeLedger(path, (file) => file.fill(0xaa, 0, 32)),
  ],
  [
    'a ledger with its schema overwritten',
    'damaged',
    (path) => makeLedger(path, (file) => file.fill(0xaa, 100)),
  ],
  [
    'a ledger with its tables overwritten',
    'damaged',
    (path) => makeLedger(path, (file) => file.fill(0xaa, 8192)),
  ],
  ['a ledger that was cut off', 'damaged', (path) => makeLedger(path).then(() => cut(path))],
  ['a log whose ledger is gone', 'damaged', (path) => writeFileSync(`${path}-wal`, 'frames')],
  ['a directory', 'foreign', (path) => mkdirSync(path)],
  ['a lock that cannot be opened', 'io', (path) => mkdirSync(`${path}-lock`)],
];

function cut(path: string): void {
  writeFileSync(path, readFileSync(path).subarray(0, 8192 + 100));
}

describe('a file that is refused and left as it is', () => {
  for (const [what, code, make] of REFUSED) {
    test(`${what}: ${code}`, async (t) => {
      const path = newPath(t);
      await make(path);
      const before = contents(path);
      const name = OF_ARCHIVES.includes(code) ? 'ArchiveError' : 'StoreError';
      await assert.rejects(openAndClose(path), { name, code, message: /ledger/ });
      assert.deepEqual(contents(path), before);
    });
  }

  test('a directory that does not exist: io', async (t) => {
    await assert.rejects(openAt(t, join(newPath(t), 'ledger.db')), { name: 'StoreError', code: 'io' });
  });

  test('the operator may correct the mistake: nothing is left locked', async (t) => {
    const path = newPath(t);
    await makeLedger(path, (file) => file.writeUInt32BE(99, 60));
    await assert.rejects(openAt(t, path), { code: 'newer_schema' });
    const file = readFileSync(path);
    file.writeUInt32BE(MIGRATIONS.length, 60);
    writeFileSync(path, file);
    await openAt(t, path);
  });
});

describe('the currency', () => {
  test('is kept from the first start on, whatever is left out later', async (t) => {
    const path = newPath(t);
    const first = await openAt(t, path, { currency: 'euros', scale: 3 });
    assert.equal(first.grant, 10_000_000);
    await first.close();
    for (const settings of [
      {},
      { currency: 'euros' },
      { scale: 3 },
      { currency: 'euros', scale: 3, grant: 7 },
    ]) {
      const ledger = await openAt(t, path, settings);
      assert.deepEqual([ledger.currency, ledger.scale], ['euros', 3]);
      await ledger.close();
    }
  });

  test('cannot be changed', async (t) => {
    const path = newPath(t);
    await (await openAt(t, path)).close();
    const message = /^the books are kept in dollars with 2 decimals, not in /;
    for (const settings of [{ currency: 'euros' }, { scale: 3 }, { currency: 'dollars', scale: 0 }]) {
      const store = await sqliteArchive(path).open();
      await assert.rejects(Ledger.open(store, settings), { code: 'other_currency', message });
      await store.close();
    }
  });

  test('is dollars and cents, with a grant of ten thousand, when nobody says anything', async (t) => {
    const ledger = await openAt(t, newPath(t));
    assert.deepEqual([ledger.currency, ledger.scale, ledger.grant], ['dollars', 2, 1_000_000]);
  });

  for (const settings of [
    { currency: '' },
    { scale: 7 },
    { scale: 0.5 },
    { grant: -1 },
    { grant: 2 ** 53 },
  ]) {
    test(`an impossible one is an assertion: ${JSON.stringify(settings)}`, async (t) => {
      const path = newPath(t);
      const store = await sqliteArchive(path).open();
      await assert.rejects(Ledger.open(store, settings), { name: 'AssertionError' });
      await store.close();
      await openAt(t, path, { currency: 'euros', scale: 0 });
    });
  }
});

describe('the files', () => {
  test('are for their owner only', async (t) => {
    const path = newPath(t);
    await registerAll(await openAt(t, path), 'alice');
    for (const suffix of ['', '-wal', '-shm', '-lock']) {
      assert.equal(statSync(path + suffix).mode & 0o777, 0o600, suffix);
    }
  });

  test('of a creation that was cut short do not stand in the way', async (t) => {
    const path = newPath(t);
    writeFileSync(`${path}-new`, 'half a ledger');
    writeFileSync(`${path}-new-journal`, 'half a journal');
    await openAt(t, path);
    assert.deepEqual(
      readdirSync(dirname(path)).filter((name) => name.includes('new')),
      [],
    );
  });

  test('can be read by an operator while the ledger is open, with names', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path, { grant: 500 });
    await registerAll(ledger, 'alice', 'bob');
    await pay(ledger, order('alice', 'bob', 50, 258, 'tea'));
    await ledger.commit();
    const database = new DatabaseSync(path, { readOnly: true });
    t.after(() => database.close());
    const rows = database.prepare("SELECT * FROM journal WHERE payer = 'alice'").all();
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        {
          seq: 3,
          utc: '2023-11-14 22:13:20.000',
          payer: 'alice',
          payee: 'bob',
          amount: 50,
          memo: 'tea',
          id: '00000000000000000000000000000102',
        },
      ],
    );
    // A reader who stays does not stand in the ledger's way.
    database.exec('BEGIN; SELECT count(*) FROM transfer');
    await pay(ledger, order('alice', 'bob', 50, 259));
    assert.deepEqual(await ledger.commit(), { transfers: 1 });
  });
});
