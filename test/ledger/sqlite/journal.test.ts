import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { type Journal, type Ledger, sqliteArchive, type Transfer } from '../../../src/ledger/index.ts';
import { newPath, openAt, order, pay, payBatch, registerAll } from '../support/fixtures.ts';
import type { JournalRange } from '../support/internals.ts';

const ALL = { from: 1, to: Number.MAX_SAFE_INTEGER };

/** An open ledger with 67 transfers, and its journal. */
async function inUse(t: TestContext): Promise<{ ledger: Ledger; path: string; journal: Journal }> {
  const path = newPath(t);
  const ledger = await openAt(t, path);
  await registerAll(ledger, 'alice', 'bob', 'carol');
  await payBatch(ledger, 0);
  const journal = await sqliteArchive(path).journal();
  t.after(() => journal.close());
  return { ledger, path, journal };
}

async function read(journal: Journal, range: JournalRange) {
  const transfers: Transfer[] = [];
  for await (const slice of journal.transfers(range)) {
    transfers.push(...slice);
  }
  return transfers;
}

describe('a journal', () => {
  test('has every transfer with its names, as a history has', async (t) => {
    const { ledger, journal } = await inUse(t);
    const transfers = await read(journal, ALL);
    assert.deepEqual(
      transfers.map(({ seq }) => seq),
      Array.from({ length: 67 }, (_, n) => n + 1),
    );
    assert.deepEqual(transfers.slice(-5).reverse(), await ledger.history('alice', undefined, 5));
    assert.deepEqual(transfers[0]?.from, 'issuer');
    assert.deepEqual(journal.currency, { name: 'dollars', scale: 2 });
  });

  test('of a part, or of one account', async (t) => {
    const { journal } = await inUse(t);
    assert.deepEqual(
      (await read(journal, { from: 2, to: 4 })).map(({ seq }) => seq),
      [2, 3, 4],
    );
    assert.deepEqual(
      (await read(journal, { ...ALL, account: 'carol' })).map(({ seq }) => seq),
      [3],
    );
    assert.deepEqual(await read(journal, { from: 900, to: 1_000 }), []);
    assert.deepEqual([journal.has('carol'), journal.has('dave')], [true, false]);
  });

  test('is that of the moment when it was opened, in slices however large', async (t) => {
    const { ledger, path, journal } = await inUse(t);
    for (let batch = 1; batch < 20; batch += 1) {
      await payBatch(ledger, batch);
    }
    assert.equal((await read(journal, ALL)).length, 67);
    const later = await sqliteArchive(path).journal();
    t.after(() => later.close());
    assert.equal((await read(later, ALL)).length, 3 + 20 * 64);
  });

  test('that is read slowly does not keep the log from being emptied', async (t) => {
    const { ledger, path, journal } = await inUse(t);
    const slices = journal.transfers(ALL)[Symbol.asyncIterator]();
    await slices.next();
    await pay(ledger, order('alice', 'bob', 1, 1_000_000));
    await ledger.commit();
    const shell = new DatabaseSync(path);
    shell.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    shell.close();
    assert.equal(statSync(`${path}-wal`).size, 0);
    await slices.return?.();
  });

  test('of a ledger at rest ends with an error when a server starts meanwhile', async (t) => {
    const { ledger, path, journal: before } = await inUse(t);
    await before.close();
    await ledger.close();
    const journal = await sqliteArchive(path).journal();
    t.after(() => journal.close());
    const again = await openAt(t, path);
    await payBatch(again, 1);
    await assert.rejects(read(journal, ALL), { code: 'changed', message: /came into use/ });
  });
});
