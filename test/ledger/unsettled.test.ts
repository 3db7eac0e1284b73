// A COMMIT that fails when it has been written: what it has left in the log must never come back.
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, StatementSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { auditFile, Ledger, openSqlite } from '../../src/ledger/index.ts';
import { newPath, openAt, payBatch, registerAll } from './fixtures.ts';

const GRANTS = 2;
const BATCH = 64;
const REMAINS = ['', '-wal'];

/** IOERR_FSYNC */
const NOT_SYNCED = 10 | (4 << 8);
const DISK_FULL = 13;

function copy(from: string, to: string): void {
  for (const suffix of REMAINS) copyFileSync(from + suffix, to + suffix);
}

function sqliteError(errcode: number): Error {
  return Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode });
}

/** A ledger with two accounts, and the frames that the commit of a first batch puts into its log. */
async function begun(t: TestContext): Promise<{ path: string; frames: Buffer }> {
  const other = newPath(t);
  const ledger = await openAt(t, other, { grant: 1_000_000 });
  await registerAll(ledger, 'alice', 'bob');
  const path = newPath(t);
  copy(other, path);
  await payBatch(ledger, 0);
  const log = readFileSync(`${other}-wal`);
  await ledger.close();
  return { path, frames: log.subarray(statSync(`${path}-wal`).size) };
}

/** The next COMMIT is written, and then fails. */
function failCommit(t: TestContext, path: string, frames: Buffer, errcode: number): void {
  const { run } = StatementSync.prototype;
  let isDue = true;
  t.mock.method(StatementSync.prototype, 'run', function (this: StatementSync, ...values: SQLInputValue[]) {
    if (!isDue || this.sourceSQL !== 'COMMIT') return Reflect.apply(run, this, values);
    isDue = false;
    appendFileSync(`${path}-wal`, frames);
    throw sqliteError(errcode);
  });
}

/** How many transfers there are after a crash at this moment. */
async function afterCrash(t: TestContext, path: string): Promise<number> {
  const crashed = newPath(t);
  copy(path, crashed);
  const { ok, transfers } = await auditFile(crashed);
  assert.equal(ok, true);
  return transfers;
}

describe('a COMMIT that fails when its frames are in the log', () => {
  test('is not there after a crash, and the ledger goes on', async (t) => {
    const { path, frames } = await begun(t);
    const ledger = await openAt(t, path);
    failCommit(t, path, frames, NOT_SYNCED);
    await assert.rejects(payBatch(ledger, 0), { name: 'StoreError', code: 'io' });
    assert.equal(ledger.transfers, GRANTS);
    assert.equal(await afterCrash(t, path), GRANTS);
    await payBatch(ledger, 0);
    assert.equal(await afterCrash(t, path), GRANTS + BATCH);
    assert.equal((await ledger.audit()).ok, true);
  });

  test('would be there if nothing were done about it', async (t) => {
    const { path, frames } = await begun(t);
    await openAt(t, path);
    appendFileSync(`${path}-wal`, frames);
    assert.equal(await afterCrash(t, path), GRANTS + BATCH);
  });

  test('when nothing can be done about it, nobody may say that nothing has happened', async (t) => {
    const { path, frames } = await begun(t);
    const store = openSqlite(path);
    t.after(() => store.close());
    const ledger = await Ledger.open(store);
    failCommit(t, path, frames, NOT_SYNCED);
    const { exec } = DatabaseSync.prototype;
    t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
      if (sql.startsWith('PRAGMA user_version')) throw sqliteError(NOT_SYNCED);
      exec.call(this, sql);
    });
    await assert.rejects(payBatch(ledger, 0), { name: 'StoreError', code: 'unsettled' });
  });

  test('that found no room has not got to its end', async (t) => {
    const { path, frames } = await begun(t);
    const ledger = await openAt(t, path);
    failCommit(t, path, frames.subarray(0, frames.length - 4096), DISK_FULL);
    await assert.rejects(payBatch(ledger, 0), { name: 'StoreError', code: 'full' });
    assert.equal(await afterCrash(t, path), GRANTS);
  });
});
