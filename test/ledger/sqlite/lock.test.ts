import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sqliteArchive } from '../../../src/ledger/index.ts';
import { newPath, openAt, registerAll } from '../support/fixtures.ts';

const SCRIPT = fileURLToPath(new URL('lock.process.ts', import.meta.url));

/** Another process that has the books open. */
async function holder(t: TestContext, path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [SCRIPT, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('one writer', () => {
  test('a second process is refused, until the first is gone, even by kill -9', async (t) => {
    const path = newPath(t);
    await (await openAt(t, path)).close();
    const child = await holder(t, path);
    await assert.rejects(sqliteArchive(path).open(), {
      name: 'StoreError',
      code: 'locked',
      message: /in use/,
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await openAt(t, path);
  });

  test('a second use in this process is refused, and does not loosen the first one', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path);
    await assert.rejects(sqliteArchive(path).open(), { code: 'locked' });
    const child = spawn(process.execPath, [SCRIPT, path], { stdio: ['ignore', 'ignore', 'pipe'] });
    const stderr = (await child.stderr.toArray()).join('');
    assert.match(stderr, /code: 'locked'/);
    await registerAll(ledger, 'alice');
    await ledger.close();
    await openAt(t, path);
  });

  test('a symbolic link leads to the same lock', async (t) => {
    const path = newPath(t);
    await openAt(t, path);
    symlinkSync(path, `${path}.link`);
    await assert.rejects(sqliteArchive(`${path}.link`).open(), { code: 'locked' });
  });

  test('a symbolic link leads to the same log', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path);
    await registerAll(ledger, 'alice', 'bob');
    const link = `${newPath(t)}.link`;
    symlinkSync(path, link);
    const backup = newPath(t);
    for (const report of [
      await sqliteArchive(link).audit(),
      await sqliteArchive(link).backup(backup, { replace: false }),
    ]) {
      assert.deepEqual([report.ok, report.accounts], [true, 2]);
    }
  });
});
