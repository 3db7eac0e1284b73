import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Ledger, StoreError, sqliteArchive } from '../../src/ledger/index.ts';
import {
  FailingStore,
  idOf,
  keyOf,
  NOW,
  newPath,
  openOn,
  order,
  pay,
  payBatch,
  registerAll,
} from './support/fixtures.ts';
import { grantId } from './support/internals.ts';

async function failing(t: TestContext): Promise<{ ledger: Ledger; store: FailingStore }> {
  const store = new FailingStore(await sqliteArchive(newPath(t)).open());
  const ledger = await openOn(t, store, { grant: 100 });
  await registerAll(ledger, 'alice', 'bob');
  return { ledger, store };
}

async function changeEverything(ledger: Ledger): Promise<void> {
  assert.equal((await pay(ledger, order('alice', 'bob', 60, 1))).status, 'ok');
  assert.equal(ledger.register('carol', keyOf('carol'), NOW).status, 'ok');
  assert.equal(ledger.befriend('alice', 'bob').status, 'ok');
}

async function assertNothingChanged(ledger: Ledger): Promise<void> {
  assert.equal(ledger.account('alice')?.balance, 100);
  assert.equal(ledger.account('bob')?.balance, 100);
  assert.equal(ledger.account('carol'), undefined);
  assert.deepEqual(ledger.friends('alice'), []);
  const report = await ledger.audit();
  assert.deepEqual(report, { ok: true, accounts: 2, transfers: 2, circulation: 200, problems: [] });
}

describe('a commit that fails', () => {
  for (const [failure, code] of [
    ['refused', 'full'],
    ['midway', 'conflict'],
  ] as const) {
    test(`${failure}: leaves nothing half done, and the same batch can be done again`, async (t) => {
      const { ledger, store } = await failing(t);
      await changeEverything(ledger);
      store.failCommit = failure;
      await assert.rejects(ledger.commit(), { name: 'StoreError', code });
      await assertNothingChanged(ledger);

      await changeEverything(ledger);
      assert.deepEqual(await ledger.commit(), { transfers: 2 });
      assert.equal(ledger.account('bob')?.balance, 160);
      assert.equal((await ledger.audit()).ok, true);
    });
  }

  test('leaves nothing in the store either: the next commit goes on where the one before it ended', async (t) => {
    const store = await sqliteArchive(newPath(t)).open();
    const ledger = await openOn(t, store, { grant: 100 });
    await registerAll(ledger, 'alice', 'bob');
    const row = { payer: 1, payee: 2, amount: 1, memo: null, at: NOW };
    const transfer = { ...row, seq: 3, id: idOf(3) };
    const balances = [
      { account: 1, before: 100, after: 99 },
      { account: 2, before: 100, after: 101 },
    ];
    const changes = {
      accounts: [],
      friendships: [],
      operations: [],
      standings: [],
      balances,
      transfers: [transfer],
    };
    const tooMuch = [transfer, { ...row, seq: 4, id: transfer.id }];
    await assert.rejects(store.commit({ ...changes, transfers: tooMuch }), { code: 'conflict' });
    await store.commit(changes);
    assert.deepEqual(await store.history(2, undefined, 10), [
      transfer,
      { ...row, seq: 2, id: grantId(2), payer: 0, payee: 2, amount: 100 },
    ]);
    const snapshot = await store.snapshot();
    assert.deepEqual(await snapshot.check(), []);
    await snapshot.close();
  });

  test('when the books cannot be read again either, nothing is answered until they can', async (t) => {
    const { ledger, store } = await failing(t);
    await changeEverything(ledger);
    store.failCommit = 'refused';
    store.failLoad = true;
    await assert.rejects(ledger.commit(), { code: 'full' });
    assert.throws(() => ledger.account('alice'), StoreError);
    await assert.rejects(ledger.commit(), StoreError);
    await ledger.prefetch([]);
    await assertNothingChanged(ledger);
  });

  test('nothing is done while a commit runs', async (t) => {
    const { ledger } = await failing(t);
    await changeEverything(ledger);
    const commit = ledger.commit();
    assert.throws(() => ledger.befriend('bob', 'alice'), /while a commit runs/);
    await commit;
    assert.equal(ledger.befriend('bob', 'alice').status, 'ok');
  });

  test('no space: what was committed stays, and is gone on with when there is some', async (t) => {
    const path = newPath(t);
    const script = fileURLToPath(new URL('no-space.process.ts', import.meta.url));
    // The limit is on the size of one file, in blocks of 512 or 1024 bytes.
    const command = 'ulimit -f 1000; exec "$0" "$@"';
    const child = spawnSync('sh', ['-c', command, process.execPath, script, path], { encoding: 'utf8' });
    assert.equal(child.status, 0, child.stderr);
    const report = JSON.parse(child.stdout);
    assert.match(report.codes.join(' '), /^(full|io) (full|io)$/);
    assert(report.batches > 0);
    const transfers = 2 + report.batches * 64;
    const audit = { ok: true, accounts: 2, transfers, circulation: 2_000_000, problems: [] };
    assert.deepEqual(report.audit, audit);

    const ledger = await openOn(t, await sqliteArchive(path).open());
    await payBatch(ledger, report.batches);
    assert.deepEqual(await ledger.audit(), { ...audit, transfers: transfers + 64 });
  });
});
