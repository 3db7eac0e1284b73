import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { StoreError, sqliteArchive } from '../../../src/ledger/index.ts';
import { newPath, openAt, payBatch, registerAll } from '../support/fixtures.ts';
import { requireSoundLog } from '../support/internals.ts';

const BATCHES = 12;
const BATCH = 64;
const GRANTS = 2;

/** Books as a crash leaves them: the ledger, and a log with one commit for each batch. */
async function crashed(t: TestContext): Promise<{ ledger: string; log: Buffer }> {
  const path = newPath(t);
  const ledger = await openAt(t, path, { grant: 1_000_000 });
  await registerAll(ledger, 'alice', 'bob');
  for (let batch = 0; batch < BATCHES; batch += 1) {
    await payBatch(ledger, batch);
  }
  const copy = newPath(t);
  copyFileSync(path, copy);
  const log = readFileSync(`${path}-wal`);
  await ledger.close();
  return { ledger: copy, log };
}

/** How many transfers a server finds with this log, or why it does not start. */
async function transfersWith(t: TestContext, ledger: string, log: Uint8Array): Promise<number | string> {
  const path = newPath(t);
  copyFileSync(ledger, path);
  writeFileSync(`${path}-wal`, log);
  try {
    const opened = await openAt(t, path);
    const { transfers } = await opened.audit();
    await opened.close();
    return transfers;
  } catch (error) {
    if (!(error instanceof StoreError)) {
      throw error;
    }
    assert.deepEqual(readFileSync(`${path}-wal`), Buffer.from(log), 'it is left as it is');
    return error.code;
  }
}

describe('a log that is damaged', () => {
  test('wherever one bit of it is wrong: the server does not start, or only the last commit is gone, as after a crash', async (t) => {
    const { ledger, log } = await crashed(t);
    const all = GRANTS + BATCHES * BATCH;
    assert.equal(await transfersWith(t, ledger, log), all);
    const seen = new Set<number | string>();
    const flip = async (place: number, bit: number) => {
      const wrong = Buffer.from(log);
      const at = Math.floor(place * log.length);
      wrong[at] = (wrong[at] ?? 0) ^ (1 << bit);
      const found = await transfersWith(t, ledger, wrong);
      assert.ok(['damaged', all, all - BATCH].includes(found), `byte ${at}: ${found}`);
      seen.add(found);
    };
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(fc.asyncProperty(place, fc.nat(7), flip), { numRuns: 40 });
    for (let byte = 0; byte < 32; byte += 5) {
      await flip(byte / log.length, 0);
    }
    await flip(1 - 1 / log.length, 0);
    assert.ok(seen.has('damaged') && seen.has(all - BATCH));
  });

  test('is none to audit or to copy, where nobody has it open', async (t) => {
    const { ledger, log } = await crashed(t);
    const backup = newPath(t);
    const all = GRANTS + BATCHES * BATCH;
    writeFileSync(`${ledger}-wal`, log);
    assert.equal((await sqliteArchive(ledger).audit()).transfers, all);
    log.fill(0xff, log.length / 2, log.length / 2 + 100);
    writeFileSync(`${ledger}-wal`, log);
    // As a server leaves it, whose lock each of them may take for a moment.
    writeFileSync(`${ledger}-lock`, '');
    const audits = await Promise.allSettled([
      sqliteArchive(ledger).audit(),
      sqliteArchive(ledger).audit(),
      sqliteArchive(ledger).journal(),
    ]);
    for (const { status } of audits) {
      assert.equal(status, 'rejected');
    }
    await assert.rejects(sqliteArchive(ledger).audit(), { code: 'damaged' });
    await assert.rejects(sqliteArchive(ledger).journal(), { code: 'damaged' });
    await assert.rejects(sqliteArchive(ledger).backup(backup, { replace: false }), { code: 'damaged' });
    assert.equal(existsSync(backup), false);
    assert.deepEqual(readFileSync(`${ledger}-wal`), log);
  });

  test('a log that ends anywhere is a crash: whole commits are there, and no half ones', async (t) => {
    const { ledger, log } = await crashed(t);
    const cut = async (place: number) => {
      const found = await transfersWith(t, ledger, log.subarray(0, Math.floor(place * log.length)));
      assert.ok(typeof found === 'number' && (found <= GRANTS || (found - GRANTS) % BATCH === 0), `${found}`);
    };
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(fc.asyncProperty(place, cut), { numRuns: 25 });
  });

  test('an empty one, and one of zeros, hold nothing', (t) => {
    const path = newPath(t);
    for (const bytes of [0, 31, 32, 5000]) {
      writeFileSync(`${path}-wal`, new Uint8Array(bytes));
      assert.doesNotThrow(() => requireSoundLog(path));
    }
  });

  test('one that is none: damaged', async (t) => {
    const path = newPath(t);
    await (await sqliteArchive(path).open()).close();
    writeFileSync(`${path}-wal`, 'this is not a log, and never was one, whatever it is called');
    await assert.rejects(sqliteArchive(path).open(), {
      name: 'StoreError',
      code: 'damaged',
      message: /broken header/,
    });
  });
});
