import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Ledger, MAX_AMOUNT, type Operation, operationOrder, sqliteArchive } from '../../src/ledger/index.ts';
import { FailingStore, idOf, keyOf, NOW, newPath } from './support/fixtures.ts';

const RUNS = 15;
const GRANT = 1000;
/** How long a failing run is made smaller; one that passes takes a fraction of it. Milliseconds. */
const SHRINKING_MS = 60_000;

/** Few names, keys, ids and amounts, so that they meet often. */
const NAMES = ['ann', 'ben', 'cat'] as const;
const name = fc.constantFrom(...NAMES);
const amount = fc.oneof(fc.integer({ min: -1, max: 900 }), fc.constantFrom(1.5, MAX_AMOUNT));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('freeze', 'unfreeze'), name, reason: fc.constantFrom('x', 'y') }),
  fc.record({
    kind: fc.constantFrom('issue', 'redeem'),
    name,
    amount,
    id: fc.nat(30).map(idOf),
    reason: fc.constantFrom('x', 'y'),
  }),
  fc.record({
    kind: fc.constant('rekey'),
    name,
    key: fc.constantFrom('k', 'l').map(keyOf),
    reason: fc.constant('x'),
  }),
);
const payment = fc.record({ payer: name, payee: name, amount, id: fc.nat(30).map((id) => idOf(1000 + id)) });
const step = fc.oneof(
  { weight: 3, arbitrary: operation.map((one) => ({ operation: one })) },
  { weight: 3, arbitrary: payment.map((one) => ({ payment: one })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('commit', 'reopen', 'rollback', 'refused', 'midway')
      .map((ending) => ({ ending }) as const),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What must hold of every account, as plainly as can be. */
class Model {
  readonly balances = new Map<string, number>(NAMES.map((one) => [one, GRANT]));
  readonly keys = new Map<string, Uint8Array>(NAMES.map((one) => [one, keyOf(one)]));
  readonly frozen = new Set<string>();
  transfers: number = NAMES.length;
  operations = 0;

  copy(): Model {
    const copy = new Model();
    for (const [one, balance] of this.balances) {
      copy.balances.set(one, balance);
    }
    for (const [one, key] of this.keys) {
      copy.keys.set(one, key);
    }
    for (const one of this.frozen) {
      copy.frozen.add(one);
    }
    copy.transfers = this.transfers;
    copy.operations = this.operations;
    return copy;
  }

  /** What the ledger said was done. */
  operated(done: Operation): void {
    this.operations += 1;
    if ('amount' in done) {
      this.#add(done.name, done.kind === 'issue' ? done.amount : -done.amount);
    } else if (done.kind === 'rekey') {
      this.keys.set(done.name, done.key);
    } else if (done.kind === 'unfreeze') {
      assert(this.frozen.delete(done.name), 'it was frozen');
    } else {
      assert(!this.frozen.has(done.name) && this.frozen.add(done.name));
    }
  }

  paid({ payer, payee, amount }: { payer: string; payee: string; amount: number }): void {
    assert(!this.frozen.has(payer) && !this.frozen.has(payee), 'neither is frozen');
    // One transfer for the two of them.
    this.transfers -= 1;
    this.#add(payer, -amount);
    this.#add(payee, amount);
  }

  compare(ledger: Ledger): void {
    let sum = 0;
    for (const [one, balance] of this.balances) {
      const account = ledger.account(one) ?? assert.fail();
      assert(balance >= 0);
      assert.deepEqual(
        [account.balance, account.key, account.frozen],
        [balance, this.keys.get(one), this.frozen.has(one)],
      );
      sum += balance;
    }
    assert.equal(ledger.circulation, sum, 'the issuer owes what the others have');
    assert.equal(ledger.transfers, this.transfers);
  }

  #add(one: string, change: number): void {
    assert(Number.isSafeInteger(change) && change !== 0);
    this.transfers += 1;
    this.balances.set(one, (this.balances.get(one) ?? 0) + change);
  }
}

async function perform(ledger: Ledger, model: Model, { operation, payment }: Actions): Promise<void> {
  if (operation !== undefined) {
    const looked = operationOrder(operation);
    await ledger.prefetch(looked === undefined ? [] : [looked]);
    if (ledger.operate(operation, NOW).status === 'ok') {
      model.operated(operation);
    }
  }
  if (payment !== undefined) {
    await ledger.prefetch([payment]);
    const { status } = ledger.transfer({ ...payment, memo: null }, NOW);
    if (status === 'ok') {
      model.paid(payment);
    }
  }
}

interface Actions {
  readonly operation?: Operation;
  readonly payment?: { payer: string; payee: string; amount: number; id: Uint8Array };
}

/** Whether what was done since the last one is committed. */
async function end(ledger: Ledger, store: FailingStore, ending: string): Promise<boolean> {
  if (ending === 'rollback') {
    await ledger.rollback();
    return false;
  }
  store.failCommit = ending === 'refused' || ending === 'midway' ? ending : undefined;
  const isCommitted = await ledger.commit().then(
    () => true,
    () => false,
  );
  store.failCommit = undefined;
  return isCommitted;
}

async function run(t: TestContext, steps: readonly Step[]): Promise<void> {
  const path = newPath(t);
  let store = new FailingStore(await sqliteArchive(path).open());
  let ledger = await Ledger.open(store, { grant: GRANT });
  try {
    for (const one of NAMES) {
      ledger.register(one, keyOf(one), NOW);
    }
    await ledger.commit();
    let committed = new Model();
    let model = committed.copy();
    for (const one of [...steps, { ending: 'commit' } as const]) {
      if (!('ending' in one)) {
        await perform(ledger, model, one);
      } else {
        if (await end(ledger, store, one.ending)) {
          committed = model;
        }
        model = committed.copy();
        if (one.ending === 'reopen') {
          await ledger.close();
          store = new FailingStore(await sqliteArchive(path).open());
          ledger = await Ledger.open(store, { grant: GRANT });
        }
      }
      model.compare(ledger);
    }
    const report = await ledger.audit();
    assert.deepEqual(report.problems, []);
    assert.equal(report.transfers, committed.transfers);
  } finally {
    await ledger.close();
  }
}

describe('random operations of the operator among payments', () => {
  test('keep every invariant, whatever commits fail', async (t) => {
    const steps = fc.array(step, { minLength: 60, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(steps, (all) => run(t, all)),
      { numRuns: RUNS, interruptAfterTimeLimit: SHRINKING_MS },
    );
  });
});
