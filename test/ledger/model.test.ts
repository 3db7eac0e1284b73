import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type Friend, Ledger, MAX_AMOUNT, StoreError, sqliteArchive } from '../../src/ledger/index.ts';
import { FailingStore, idOf, keyOf, NOW, newPath } from './support/fixtures.ts';
import type { CheckStatus, TransferStatus } from './support/internals.ts';

const RUNS = 10;
const BATCHES = 25;
const OPERATIONS_PER_BATCH = 40;
const OPERATIONS = BATCHES * OPERATIONS_PER_BATCH;
const GRANT = 1000;
/** How long a failing run is made smaller; one that passes takes a fraction of it. Milliseconds. */
const SHRINKING_MS = 60_000;

/** Few names, ids and amounts, so that they meet often. */
const name = fc.constantFrom('ann', 'ben', 'cat', 'dan', 'eve', 'fay');
const operation = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('register' as const), who: name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('transfer' as const),
      who: name,
      other: name,
      id: fc.nat(200),
      amount: fc.oneof(fc.integer({ min: -1, max: 400 }), fc.constantFrom(0, 1.5, MAX_AMOUNT)),
      memo: fc.constantFrom(null, '', 'tea'),
      checked: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('befriend' as const, 'unfriend' as const),
      who: name,
      other: name,
    }),
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** How a batch ends: two of them are commits that fail. */
type Ending = 'commit' | 'reopen' | 'rollback' | 'refused' | 'midway';
const ending = fc.constantFrom<Ending>('commit', 'commit', 'reopen', 'rollback', 'refused', 'midway');
const batch = fc.tuple(
  fc.array(operation, { minLength: OPERATIONS_PER_BATCH, maxLength: OPERATIONS_PER_BATCH }),
  ending,
);

/** The same rules once more, as plainly as can be: arrays of facts, searched from end to end. */
class Model {
  readonly transfers: { payer: string; payee: string; id: number; amount: number; memo: string | null }[] =
    [];
  readonly names: string[] = [];
  /** "asker asked". */
  readonly requests = new Set<string>();

  balance(who: string): number {
    return this.transfers.reduce(
      (sum, { payer, payee, amount }) => sum + (payee === who ? amount : 0) - (payer === who ? amount : 0),
      0,
    );
  }

  register(who: string): string {
    if (this.names.includes(who)) {
      return 'name_taken';
    }
    this.names.push(who);
    this.transfers.push({ payer: 'issuer', payee: who, id: -1, amount: GRANT, memo: null });
    return 'ok';
  }

  transfer({
    who,
    other,
    id,
    amount,
    memo,
    checked,
  }: Extract<Operation, { kind: 'transfer' }>): TransferStatus | CheckStatus {
    const first = this.transfers.find((one) => one.payer === who && one.id === id);
    if (!(Number.isInteger(amount) && amount > 0)) {
      return 'bad_amount';
    }
    if (first !== undefined) {
      const same = first.payee === other && first.amount === amount && first.memo === memo;
      return same ? 'exists' : 'id_reused';
    }
    if (!this.names.includes(other)) {
      return 'payee_unknown';
    }
    if (who === other) {
      return 'payee_self';
    }
    if (checked) {
      return 'payable';
    }
    if (this.balance(who) < amount) {
      return 'insufficient_funds';
    }
    this.transfers.push({ payer: who, payee: other, id, amount, memo });
    return 'ok';
  }

  /** A friendship is two requests. */
  relate(kind: 'befriend' | 'unfriend', who: string, other: string): string {
    if (!this.names.includes(other)) {
      return 'unknown';
    }
    if (who === other) {
      return 'self';
    }
    if (kind === 'befriend') {
      this.requests.add(`${who} ${other}`);
    } else {
      this.requests.delete(`${who} ${other}`);
      this.requests.delete(`${other} ${who}`);
    }
    return 'ok';
  }

  friends(who: string): Friend[] {
    return this.names.toSorted().flatMap((other): Friend[] => {
      const mine = this.requests.has(`${who} ${other}`);
      const theirs = this.requests.has(`${other} ${who}`);
      if (!mine && !theirs) {
        return [];
      }
      return [{ name: other, state: mine && theirs ? 'friend' : mine ? 'asked' : 'asking' }];
    });
  }

  copy(): Model {
    const copy = new Model();
    copy.transfers.push(...this.transfers);
    copy.names.push(...this.names);
    for (const request of this.requests) {
      copy.requests.add(request);
    }
    return copy;
  }
}

function perform(ledger: Ledger, one: Operation): string {
  const { who } = one;
  switch (one.kind) {
    case 'register':
      return ledger.register(who, keyOf(who), NOW).status;
    case 'transfer': {
      const { other: payee, amount, memo } = one;
      const order = { payer: who, payee, id: idOf(one.id), amount, memo };
      return (one.checked ? ledger.check(order) : ledger.transfer(order, NOW)).status;
    }
    default:
      return ledger[one.kind](who, one.other).status;
  }
}

function expected(model: Model, one: Operation): string {
  switch (one.kind) {
    case 'register':
      return model.register(one.who);
    case 'transfer':
      return model.transfer(one);
    default:
      return model.relate(one.kind, one.who, one.other);
  }
}

function compare(ledger: Ledger, model: Model): void {
  let sum = 0;
  for (const who of model.names) {
    assert.equal(ledger.account(who)?.balance, model.balance(who), who);
    assert.deepEqual(ledger.friends(who), model.friends(who));
    sum += model.balance(who);
  }
  assert.equal(ledger.accounts, model.names.length);
  assert.equal(sum - ledger.circulation, 0, 'all balances, the issuer among them, add up to zero');
}

async function compareHistory(ledger: Ledger, model: Model, who: string): Promise<void> {
  const seqs: number[] = [];
  for (let before: number | undefined; ; before = seqs.at(-1)) {
    const page = await ledger.history(who, before, 7);
    if (page.length === 0) {
      break;
    }
    for (const { seq, from, to, amount, memo } of page) {
      assert(before === undefined || seq < before);
      const { payer, payee, ...other } = model.transfers[seq - 1] ?? assert.fail();
      assert.deepEqual([from, to, amount, memo], [payer, payee, other.amount, other.memo]);
      seqs.push(seq);
    }
  }
  const mine = model.transfers.flatMap(({ payer, payee }, i) =>
    payer === who || payee === who ? [i + 1] : [],
  );
  assert.deepEqual(seqs, mine.toReversed());
}

/** Carries one run out beside the model; returns how many operations there were. */
async function run(t: TestContext, batches: readonly (readonly [Operation[], Ending])[]): Promise<number> {
  const path = newPath(t);
  let operations = 0;
  let committed = new Model();
  let store = new FailingStore(await sqliteArchive(path).open());
  let ledger = await Ledger.open(store, { grant: GRANT });
  try {
    for (const [batchOperations, end] of batches) {
      const model = committed.copy();
      await performBatch(ledger, model, batchOperations);
      operations += batchOperations.length;
      if (await endBatch(ledger, store, end)) {
        committed = model;
      }
      compare(ledger, committed);
      if (end === 'reopen') {
        await ledger.close();
        store = new FailingStore(await sqliteArchive(path).open());
        ledger = await Ledger.open(store, { grant: GRANT });
        compare(ledger, committed);
      }
    }
    for (const who of committed.names) {
      await compareHistory(ledger, committed, who);
    }
    const report = await ledger.audit();
    assert.deepEqual(report.problems, []);
    assert.equal(report.transfers, committed.transfers.length);
  } finally {
    await ledger.close();
  }
  return operations;
}

async function performBatch(ledger: Ledger, model: Model, operations: readonly Operation[]): Promise<void> {
  const transfers = operations.flatMap((one) => (one.kind === 'transfer' ? [one] : []));
  await ledger.prefetch(transfers.map(({ who, id }) => ({ payer: who, id: idOf(id) })));
  for (const one of operations) {
    // Only those who have an account do anything but register.
    if (one.kind === 'register' || model.names.includes(one.who)) {
      assert.equal(perform(ledger, one), expected(model, one), one.kind);
    }
  }
  compare(ledger, model);
}

/** Whether the batch is committed. */
async function endBatch(ledger: Ledger, store: FailingStore, end: Ending): Promise<boolean> {
  if (end === 'rollback') {
    await ledger.rollback();
    return false;
  }
  const failing = end === 'refused' || end === 'midway';
  store.failCommit = failing ? end : undefined;
  const error: unknown = await ledger.commit().then(
    () => undefined,
    (reason) => reason,
  );
  // A batch that changed nothing has no commit that could fail.
  store.failCommit = undefined;
  assert(error === undefined || (failing && error instanceof StoreError), String(error));
  return error === undefined;
}

describe('random operations', () => {
  test(`${RUNS * OPERATIONS} agree with a plain model, batch by batch`, async (t) => {
    let operations = 0;
    const runOnce = async (batches: [Operation[], Ending][]) => {
      operations += await run(t, batches);
    };
    const batches = fc.array(batch, { minLength: BATCHES, maxLength: BATCHES });
    const parameters = { numRuns: RUNS, interruptAfterTimeLimit: SHRINKING_MS };
    await fc.assert(fc.asyncProperty(batches, runOnce), parameters);
    assert.equal(operations, RUNS * OPERATIONS);
  });
});
