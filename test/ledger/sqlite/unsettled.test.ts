// A COMMIT that fails when it has been written: what it has left in the log must never come back.
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, StatementSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { type Ledger, sqliteArchive } from '../../../src/ledger/index.ts';
import { newPath, openAt, payBatch, registerAll } from '../support/fixtures.ts';

const GHOST = 'a commit that failed';

/** IOERR_FSYNC, IOERR_WRITE, IOERR_SHMSIZE, FULL: https://sqlite.org/rescode.html */
const NOT_SYNCED = 10 | (4 << 8);
const NOT_WRITTEN = 10 | (3 << 8);
const NO_PLACE_FOR_INDEX = 10 | (19 << 8);
const DISK_FULL = 13;

function copy(t: TestContext, path: string): string {
  const to = newPath(t);
  for (const suffix of ['', '-wal']) {
    copyFileSync(path + suffix, to + suffix);
  }
  return to;
}

/** What one commit more, which changes a memo, would append to the log. */
function framesOfGhost(t: TestContext, path: string): Buffer {
  const other = copy(t, path);
  const { size } = statSync(`${other}-wal`);
  const database = new DatabaseSync(other);
  database.prepare('UPDATE transfer SET memo = ? WHERE seq = 1').run(GHOST);
  const frames = readFileSync(`${other}-wal`).subarray(size);
  database.close();
  return frames;
}

function sqliteError(errcode: number): Error {
  return Object.assign(new Error(`SQLite says ${errcode}`), { code: 'ERR_SQLITE_ERROR', errcode });
}

/** The next COMMIT is written as far as `share` of it, and then fails. */
function failCommit(t: TestContext, path: string, errcode: number, share = 1): void {
  const { run } = StatementSync.prototype;
  let isDue = true;
  t.mock.method(StatementSync.prototype, 'run', function (this: StatementSync, ...values: SQLInputValue[]) {
    if (!isDue || this.sourceSQL !== 'COMMIT') {
      return Reflect.apply(run, this, values);
    }
    isDue = false;
    const frames = framesOfGhost(t, path);
    appendFileSync(`${path}-wal`, frames.subarray(0, share * frames.length));
    throw sqliteError(errcode);
  });
}

/** Nor can the page be written that is to take its place. */
function failPage(t: TestContext, errcode: number): void {
  const { exec } = DatabaseSync.prototype;
  t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    if (sql.startsWith('PRAGMA user_version')) {
      throw sqliteError(errcode);
    }
    exec.call(this, sql);
  });
}

/** A ledger with a log in use. */
async function begun(t: TestContext): Promise<{ path: string; ledger: Ledger }> {
  const path = newPath(t);
  const ledger = await openAt(t, path, { grant: 1_000_000 });
  await registerAll(ledger, 'alice', 'bob');
  await payBatch(ledger, 0);
  return { path, ledger };
}

/** Whether it has come back, after a crash at this moment; and how many transfers there are. */
async function afterCrash(t: TestContext, path: string): Promise<{ ghost: boolean; transfers: number }> {
  const crashed = copy(t, path);
  const { ok, transfers } = await sqliteArchive(crashed).audit();
  assert.equal(ok, true);
  const database = new DatabaseSync(crashed);
  const row = database.prepare('SELECT memo FROM transfer WHERE seq = 1').get();
  database.close();
  return { ghost: row?.['memo'] === GHOST, transfers };
}

describe('a COMMIT that fails when its frames are in the log', () => {
  for (const errcode of [NOT_SYNCED, NOT_WRITTEN, DISK_FULL, NO_PLACE_FOR_INDEX]) {
    test(`is not there after a crash, whatever it failed of, and the ledger goes on (${errcode})`, async (t) => {
      const { path, ledger } = await begun(t);
      const { transfers } = ledger;
      failCommit(t, path, errcode);
      const code = errcode === DISK_FULL || errcode === NO_PLACE_FOR_INDEX ? 'full' : 'io';
      await assert.rejects(payBatch(ledger, 1), { name: 'StoreError', code });
      assert.equal(ledger.transfers, transfers);
      assert.deepEqual(await afterCrash(t, path), { ghost: false, transfers });
      await payBatch(ledger, 1);
      assert.deepEqual(await afterCrash(t, path), { ghost: false, transfers: ledger.transfers });
      assert.equal((await ledger.audit()).ok, true);
    });
  }

  test('would be there if nothing were done about it', async (t) => {
    const { path } = await begun(t);
    appendFileSync(`${path}-wal`, framesOfGhost(t, path));
    assert.equal((await afterCrash(t, path)).ghost, true);
  });

  test('is buried when only the index of the log finds no place afterwards', async (t) => {
    const { path, ledger } = await begun(t);
    failCommit(t, path, NOT_SYNCED);
    failPage(t, NO_PLACE_FOR_INDEX);
    await assert.rejects(payBatch(ledger, 1), { name: 'StoreError', code: 'io' });
  });

  test('when nothing can be done about it, nobody may say that nothing has happened, nor ask anything', async (t) => {
    const { path, ledger } = await begun(t);
    failCommit(t, path, NOT_SYNCED);
    failPage(t, NOT_SYNCED);
    await assert.rejects(payBatch(ledger, 1), {
      code: 'unsettled',
      message: /SQLite says 1034; then SQLite says 1034/,
    });
    assert.throws(() => ledger.account('alice'), { code: 'io' });
  });

  test('that could not be written, as nothing else can, has not got to its end', async (t) => {
    const { path, ledger } = await begun(t);
    const { transfers } = ledger;
    failCommit(t, path, DISK_FULL, 0.9);
    failPage(t, NOT_WRITTEN);
    await assert.rejects(payBatch(ledger, 1), { name: 'StoreError', code: 'full' });
    assert.deepEqual(await afterCrash(t, path), { ghost: false, transfers });
  });
});

describe('a log that a crash has left', () => {
  test('is carried into the ledger before anything is answered from it', async (t) => {
    const { path, ledger } = await begun(t);
    const crashed = copy(t, path);
    assert.ok(statSync(`${crashed}-wal`).size > 0);
    const again = await openAt(t, crashed);
    assert.equal(statSync(`${crashed}-wal`).size, 0);
    assert.equal(again.transfers, ledger.transfers);
  });

  test('is confirmed by one commit more while somebody reads it', async (t) => {
    const { path, ledger } = await begun(t);
    const crashed = copy(t, path);
    const reader = new DatabaseSync(crashed);
    t.after(() => reader.close());
    reader.exec('BEGIN; SELECT count(*) FROM transfer');
    const { size } = statSync(`${crashed}-wal`);
    const again = await openAt(t, crashed);
    assert.ok(statSync(`${crashed}-wal`).size > size);
    assert.equal(again.transfers, ledger.transfers);
  });
});
