import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { type Ledger, sqliteArchive } from '../../../src/ledger/index.ts';
import { newPath, openAt, payBatch, registerAll } from '../support/fixtures.ts';

const OPTIONS = { replace: false };

/** An open ledger with 66 transfers, and where its backup goes: another folder. */
async function inUse(t: TestContext): Promise<{ ledger: Ledger; path: string; to: string }> {
  const path = newPath(t);
  const ledger = await openAt(t, path);
  await registerAll(ledger, 'alice', 'bob');
  await payBatch(ledger, 0);
  return { ledger, path, to: join(dirname(newPath(t)), 'monday.db') };
}

function journal(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT * FROM journal').all();
  database.close();
  return rows;
}

function execute(path: string, statements: string): void {
  const database = new DatabaseSync(path);
  database.exec(statements);
  database.close();
}

/** Runs the helper until it ends at this word of progress. Gives its status, or the signal that killed it. */
async function endedAt(kind: 'copy' | 'audit', how: string, ...words: string[]): Promise<unknown> {
  const helper = join(import.meta.dirname, 'backup.process.ts');
  const argv = ['--no-warnings', helper, ...words, kind, how];
  const [status, signal] = await once(spawn(process.execPath, argv, { stdio: 'inherit' }), 'exit');
  return signal ?? status;
}

describe('a backup', () => {
  test('of a ledger in use is one file, of one moment, for its owner alone', async (t) => {
    const { ledger, path, to } = await inUse(t);
    const report = await sqliteArchive(path).backup(to, OPTIONS);
    await payBatch(ledger, 1);
    assert.deepEqual(
      [report.ok, report.accounts, report.transfers, report.currency],
      [true, 2, 66, { name: 'dollars', scale: 2 }],
    );
    assert.equal(statSync(to).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(dirname(to)), ['monday.db']);
    const copied = journal(to);
    assert.deepEqual(copied, journal(path).slice(0, copied.length));
    assert.equal((await sqliteArchive(to).audit()).ok, true);
    assert.equal((await ledger.audit()).ok, true);
  });

  test('is not disturbed by what is committed while it is made', async (t) => {
    const { ledger, path, to } = await inUse(t);
    let batch = 1;
    const committed: Promise<void>[] = [];
    const onProgress = () => {
      committed.push(payBatch(ledger, batch));
      batch += 1;
    };
    const report = await sqliteArchive(path).backup(to, { ...OPTIONS, onProgress });
    await Promise.all(committed);
    assert.ok(committed.length > 0);
    assert.deepEqual([report.ok, report.transfers], [true, 66]);
  });

  test('of a ledger that nobody has open leaves its folder as it was', async (t) => {
    const { ledger, path, to } = await inUse(t);
    await ledger.close();
    const before = readdirSync(dirname(path));
    assert.equal((await sqliteArchive(path).backup(to, OPTIONS)).ok, true);
    assert.deepEqual(readdirSync(dirname(path)), before);
  });

  test('of books that are not in order is not made', async (t) => {
    const { path, to } = await inUse(t);
    execute(path, 'UPDATE account SET balance = balance + 1 WHERE id = 1');
    const report = await sqliteArchive(path).backup(to, OPTIONS);
    assert.equal(report.ok, false);
    assert.match(report.problems.join('\n'), /add up to 1, not to zero/);
    assert.deepEqual(readdirSync(dirname(to)), []);
  });

  test('takes the place of another only where it may, and of nothing but a ledger', async (t) => {
    const { ledger, path, to } = await inUse(t);
    await sqliteArchive(path).backup(to, OPTIONS);
    const first = readFileSync(to);
    await payBatch(ledger, 1);
    await assert.rejects(sqliteArchive(path).backup(to, OPTIONS), { code: 'exists' });
    assert.deepEqual(readFileSync(to), first);
    assert.equal((await sqliteArchive(path).backup(to, { replace: true })).transfers, 130);
    assert.equal(journal(to).length, 130);
    writeFileSync(`${to}.txt`, 'Dear diary,\n'.repeat(20));
    await assert.rejects(sqliteArchive(path).backup(`${to}.txt`, { replace: true }), { code: 'foreign' });
    await assert.rejects(sqliteArchive(path).backup(path, { replace: true }), {
      code: 'io',
      message: /itself/,
    });
    mkdirSync(`${to}.d`);
    await assert.rejects(sqliteArchive(path).backup(`${to}.d`, { replace: true }), {
      code: 'io',
      message: /no file/,
    });
    await assert.rejects(sqliteArchive(path).backup(join(to, 'no', 'x'), OPTIONS), {
      code: 'io',
      message: /no folder/,
    });
  });

  test('is not put beside a log that SQLite would take for its own', async (t) => {
    const { path, to } = await inUse(t);
    writeFileSync(`${to}-wal`, 'old');
    await assert.rejects(sqliteArchive(path).backup(to, OPTIONS), { code: 'io', message: /-wal is there/ });
  });

  test('whose process leaves on the way leaves nothing', async (t) => {
    const { path, to } = await inUse(t);
    assert.equal(await endedAt('audit', 'leaves', 'backup', path, to), 130);
    assert.deepEqual(readdirSync(dirname(to)), []);
  });

  for (const kind of ['copy', 'audit'] as const) {
    test(`whose process is killed during the ${kind} is not there, and the next one clears up`, async (t) => {
      const { path, to } = await inUse(t);
      assert.equal(await endedAt(kind, 'is killed', 'backup', path, to), 'SIGKILL');
      const [left = '', ...others] = readdirSync(dirname(to)).filter((name) => !name.endsWith('-journal'));
      assert.ok(left.startsWith(`${basename(to)}.unfinished-`), left);
      assert.deepEqual(others, []);
      assert.equal((await sqliteArchive(path).backup(to, OPTIONS)).ok, true);
      assert.deepEqual(readdirSync(dirname(to)), ['monday.db']);
    });
  }
});

describe('an audit of a file', () => {
  test('needs no lock and makes no file, beside a ledger in use as at rest', async (t) => {
    const { ledger, path } = await inUse(t);
    const names = readdirSync(dirname(path));
    assert.deepEqual(
      [(await sqliteArchive(path).audit()).transfers, readdirSync(dirname(path))],
      [66, names],
    );
    await ledger.close();
    const atRest = readdirSync(dirname(path));
    assert.deepEqual(
      [(await sqliteArchive(path).audit()).transfers, readdirSync(dirname(path))],
      [66, atRest],
    );
  });

  test('begins again when the ledger comes into use meanwhile', async (t) => {
    const { ledger, path } = await inUse(t);
    await ledger.close();
    let reopened: Promise<void> | undefined;
    let readings = 0;
    const report = await sqliteArchive(path).audit(() => {
      readings += 1;
      reopened ??= openAt(t, path).then((again) => payBatch(again, 1));
    });
    await reopened;
    assert.deepEqual([report.ok, readings > 1], [true, true]);
    const now = await sqliteArchive(path).audit();
    assert.deepEqual([now.ok, now.transfers], [true, 130]);
  });

  test('is of one moment, and keeps no log from being emptied meanwhile', async (t) => {
    const { ledger, path } = await inUse(t);
    const committed: Promise<void>[] = [];
    const report = await sqliteArchive(path).audit(() => {
      committed.push(payBatch(ledger, 1 + committed.length));
      execute(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
      assert.equal(statSync(`${path}-wal`).size, 0);
    });
    await Promise.all(committed);
    assert.ok(committed.length > 0);
    assert.deepEqual([report.problems, report.transfers], [[], 66]);
    assert.equal((await sqliteArchive(path).audit()).ok, true);
  });

  test('tells how far it has come', async (t) => {
    const { path } = await inUse(t);
    const told: unknown[] = [];
    await sqliteArchive(path).audit((...words) => told.push(words));
    assert.deepEqual(told.at(-1), ['audit', 66, 66]);
  });

  test('reads no older schema, since it could not bring it up to date', async (t) => {
    const { ledger, path } = await inUse(t);
    await ledger.close();
    execute(path, 'PRAGMA user_version = 2');
    await assert.rejects(sqliteArchive(path).audit(), { code: 'older_schema' });
  });
});
