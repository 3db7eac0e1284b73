import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { sqliteArchive } from '../../../src/ledger/index.ts';
import { NOW, newPath, openAt, payBatch, registerAll } from '../support/fixtures.ts';
import { APPLICATION_ID, MIGRATIONS } from '../support/internals.ts';

const NEW = { replace: false };
const REPLACE = { replace: true };

/** A backup with 66 transfers, and a ledger at rest that has come to 130 since. */
async function backedUp(t: TestContext): Promise<{ backup: string; path: string }> {
  const path = newPath(t);
  const backup = join(dirname(newPath(t)), 'monday.db');
  const ledger = await openAt(t, path);
  await registerAll(ledger, 'alice', 'bob');
  await payBatch(ledger, 0);
  await sqliteArchive(path).backup(backup, NEW);
  await payBatch(ledger, 1);
  await ledger.close();
  return { backup, path };
}

function execute(path: string, statements: string): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(statements);
  database.close();
}

/** But for the lock, which may always be made. */
function filesBeside(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => !name.endsWith('-lock'));
}

describe('restoring', () => {
  test('where there is nothing makes a ledger that goes on from there', async (t) => {
    const { backup } = await backedUp(t);
    const path = newPath(t);
    const report = await sqliteArchive(path).restore(backup, NEW, NOW);
    assert.deepEqual([report.ok, report.transfers, report.kept], [true, 66, undefined]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(filesBeside(path), ['ledger.db']);
    const ledger = await openAt(t, path);
    await payBatch(ledger, 2);
    assert.deepEqual([ledger.transfers, (await ledger.audit()).ok], [130, true]);
  });

  test('replaces nothing unless it may, and keeps what was there', async (t) => {
    const { backup, path } = await backedUp(t);
    await assert.rejects(sqliteArchive(path).restore(backup, NEW, NOW), { code: 'exists' });
    const { ok, kept = '' } = await sqliteArchive(path).restore(backup, REPLACE, NOW);
    assert.equal(ok, true);
    assert.equal(kept, `${path}-before-2023-11-14T22-13-20-000Z`);
    assert.equal((await sqliteArchive(path).audit()).transfers, 66);
    assert.equal((await sqliteArchive(kept).audit()).transfers, 130);
  });

  test('is refused while the ledger is open', async (t) => {
    const { backup, path } = await backedUp(t);
    await openAt(t, path);
    await assert.rejects(sqliteArchive(path).restore(backup, REPLACE, NOW), { code: 'locked' });
    assert.equal((await sqliteArchive(path).audit()).transfers, 130);
  });

  const TAMPERED: [what: string, statements: string, problem: RegExp][] = [
    ['a balance', 'UPDATE account SET balance = balance + 1 WHERE id = 2', /not to zero/],
    ['an amount', 'UPDATE transfer SET amount = 99 WHERE seq = 9', /its transfers leave/],
    [
      'a trigger that mints',
      'CREATE TRIGGER mint AFTER INSERT ON transfer BEGIN UPDATE account SET balance = balance + 1 WHERE id = 1; END',
      /trigger mint/,
    ],
  ];
  for (const [what, statements, problem] of TAMPERED) {
    test(`refuses a backup with ${what} changed, and leaves all as it was`, async (t) => {
      const { backup, path } = await backedUp(t);
      execute(backup, statements);
      const before = filesBeside(path);
      const report = await sqliteArchive(path).restore(backup, REPLACE, NOW);
      assert.deepEqual([report.ok, report.kept], [false, undefined]);
      assert.match(report.problems.join('\n'), problem);
      assert.deepEqual(filesBeside(path), before);
      assert.equal((await sqliteArchive(path).audit()).transfers, 130);
    });
  }

  test('refuses what is no backup', async (t) => {
    const { path } = await backedUp(t);
    const text = `${newPath(t)}.txt`;
    writeFileSync(text, 'Dear diary,\n'.repeat(20));
    await assert.rejects(sqliteArchive(path).restore(text, REPLACE, NOW), { code: 'foreign' });
  });

  test('takes a copy of a ledger with the log that a crash has left beside it', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path);
    await registerAll(ledger, 'alice', 'bob');
    await payBatch(ledger, 0);
    const copy = newPath(t);
    for (const suffix of ['', '-wal']) {
      copyFileSync(path + suffix, copy + suffix);
    }
    const restored = newPath(t);
    assert.equal((await sqliteArchive(restored).restore(copy, NEW, NOW)).transfers, 66);
    const log = readFileSync(`${copy}-wal`);
    log.fill(0xff, log.length / 4, log.length / 4 + 100);
    writeFileSync(`${copy}-wal`, log);
    await assert.rejects(sqliteArchive(restored).restore(copy, REPLACE, NOW), { code: 'damaged' });
  });

  test('in the place of a ledger that is broken keeps it with its log', async (t) => {
    const { backup, path } = await backedUp(t);
    writeFileSync(path, 'nothing that could be read');
    writeFileSync(`${path}-wal`, 'a log');
    const { kept = '' } = await sqliteArchive(path).restore(backup, REPLACE, NOW);
    assert.equal(readFileSync(kept, 'utf8'), 'nothing that could be read');
    assert.equal(readFileSync(`${kept}-wal`, 'utf8'), 'a log');
    assert.equal(existsSync(`${path}-wal`), false);
    assert.equal((await sqliteArchive(path).audit()).transfers, 66);
  });

  test('whose last flush fails puts the old ledger back', async (t) => {
    const { backup, path } = await backedUp(t);
    const { fsyncSync } = fs;
    t.mock.method(fs, 'fsyncSync', (file: number) => {
      if (fs.fstatSync(file).isDirectory()) {
        throw Object.assign(new Error('EINVAL'), { code: 'EINVAL' });
      }
      fsyncSync(file);
    });
    syncBuiltinESMExports();
    try {
      await assert.rejects(sqliteArchive(path).restore(backup, REPLACE, NOW), { code: 'io' });
    } finally {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    }
    assert.equal((await sqliteArchive(path).audit()).transfers, 130);
    assert.deepEqual(filesBeside(path), ['ledger.db']);
  });

  test('of a ledger from itself is refused', async (t) => {
    const { path } = await backedUp(t);
    await assert.rejects(sqliteArchive(path).restore(path, REPLACE, NOW), {
      code: 'io',
      message: /is the ledger itself/,
    });
    assert.equal((await sqliteArchive(path).audit()).transfers, 130);
  });

  test('is refused while somebody reads the ledger, whose log cannot be emptied then', async (t) => {
    const { backup, path } = await backedUp(t);
    const reader = new DatabaseSync(path);
    t.after(() => reader.close());
    reader.exec('BEGIN; SELECT count(*) FROM transfer');
    execute(path, "UPDATE transfer SET memo = 'later' WHERE seq = 9");
    await assert.rejects(sqliteArchive(path).restore(backup, REPLACE, NOW), {
      code: 'locked',
      message: /reading/,
    });
    assert.equal((await sqliteArchive(path).audit()).transfers, 130);
    const names = readdirSync(dirname(path)).filter((name) => name.includes('before'));
    assert.deepEqual(names, []);
  });

  test('that comes to nothing half way leaves ledger and log as they were', async (t) => {
    const { backup, path } = await backedUp(t);
    const files = ['', '-wal', '-journal'].map((suffix) => path + suffix);
    for (const file of files) {
      writeFileSync(file, `${file} was here`);
    }
    mkdirSync(`${path}-before-2023-11-14T22-13-20-000Z-journal`);
    await assert.rejects(sqliteArchive(path).restore(backup, REPLACE, NOW), { code: 'io' });
    for (const file of files) {
      assert.equal(readFileSync(file, 'utf8'), `${file} was here`);
    }
    assert.equal(existsSync(`${path}-before-2023-11-14T22-13-20-000Z`), false);
  });

  test('brings a backup of an earlier version up to date', async (t) => {
    const old = newPath(t);
    const earlier = MIGRATIONS.slice(0, 3);
    const header = `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${earlier.length}`;
    for (const statements of [header, ...earlier]) {
      execute(old, statements);
    }
    const path = newPath(t);
    assert.equal((await sqliteArchive(path).restore(old, NEW, NOW)).ok, true);
    assert.equal((await sqliteArchive(path).audit()).ok, true);
  });

  for (const kind of ['copy', 'audit'] as const) {
    test(`whose process is killed during the ${kind} has changed nothing, and may be done again`, async (t) => {
      const { backup, path } = await backedUp(t);
      const helper = join(import.meta.dirname, 'backup.process.ts');
      const words = ['--no-warnings', helper, 'restore', backup, path, kind];
      const [, signal] = await once(spawn(process.execPath, words, { stdio: 'inherit' }), 'exit');
      assert.equal(signal, 'SIGKILL');
      assert.equal((await sqliteArchive(path).audit()).transfers, 130);
      assert.equal((await sqliteArchive(path).restore(backup, REPLACE, NOW)).transfers, 66);
      const names = filesBeside(path).filter((name) => name.includes('unfinished'));
      assert.deepEqual(names, []);
    });
  }
});
