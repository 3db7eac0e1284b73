import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Ledger, sqliteArchive } from '../../src/ledger/index.ts';
import { allSeqs, FailingStore, NOW, newPath, openAt, order, pay, registerAll } from './support/fixtures.ts';
import { MAX_HISTORY, MILESTONE_INTERVAL } from './support/internals.ts';

const RUNS = 25;
const PEOPLE = ['ann', 'ben', 'cat', 'dan'] as const;
/** How long a failing run is made smaller; one that passes takes a fraction of it. Milliseconds. */
const SHRINKING_MS = 60_000;
const GRANT = 1_000_000;

const person = fc.nat(PEOPLE.length - 1);
const payment = fc.tuple(person, person).filter(([payer, payee]) => payer !== payee);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('commit' as const, 'commit' as const, 'refused' as const, 'midway' as const),
      payments: fc.array(payment, { minLength: 1, maxLength: 2 * MILESTONE_INTERVAL, size: 'max' }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('reopen' as const, 'crash' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('page' as const),
      who: person,
      before: fc.option(fc.integer({ min: 0, max: 2000 }), { nil: undefined }),
      limit: fc.integer({ min: 1, max: MAX_HISTORY }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The books under test, and beside them a plain list of who has paid whom. */
class Pair {
  readonly paid: (readonly [payer: string, payee: string])[] = [];
  readonly #test: TestContext;
  #path: string;
  #store: FailingStore;
  #orders = 0;
  ledger: Ledger;

  private constructor(t: TestContext, path: string, store: FailingStore, ledger: Ledger) {
    this.#test = t;
    this.#path = path;
    this.#store = store;
    this.ledger = ledger;
  }

  static async open(t: TestContext): Promise<Pair> {
    const path = newPath(t);
    const store = new FailingStore(await sqliteArchive(path).open());
    const pair = new Pair(t, path, store, await Ledger.open(store, { grant: GRANT }));
    await registerAll(pair.ledger, ...PEOPLE);
    pair.paid.push(...PEOPLE.map((name) => ['issuer', name] as const));
    return pair;
  }

  async carryOut(one: Step): Promise<void> {
    switch (one.kind) {
      case 'page':
        await this.#compare(PEOPLE[one.who] ?? 'ann', one.before, one.limit);
        break;
      case 'reopen':
        await this.ledger.close();
        await this.#openAgain();
        break;
      case 'crash':
        await this.#crash();
        break;
      default:
        await this.#pay(one.payments, one.kind);
    }
  }

  /** Every page of everybody, and the audit. */
  async finish(): Promise<void> {
    for (const name of PEOPLE) {
      assert.deepEqual(await allSeqs(this.ledger, name, 7), this.#seqsOf(name));
    }
    assert.deepEqual((await this.ledger.audit()).problems, []);
    await this.ledger.close();
  }

  async #pay(payments: readonly [number, number][], end: 'commit' | 'refused' | 'midway'): Promise<void> {
    const names = payments.map(([payer, payee]) => [PEOPLE[payer] ?? '', PEOPLE[payee] ?? ''] as const);
    const orders = names.map(([payer, payee]) => order(payer, payee, 1, this.#orders++));
    await this.ledger.prefetch(orders);
    for (const one of orders) {
      assert.equal(this.ledger.transfer(one, NOW).status, 'ok');
    }
    if (end === 'commit') {
      await this.ledger.commit();
      this.paid.push(...names);
    } else {
      this.#store.failCommit = end;
      await assert.rejects(this.ledger.commit(), { name: 'StoreError' });
    }
  }

  /** What is on disk at this moment is all that there is, as after a `kill -9`; the rest is dropped. */
  async #crash(): Promise<void> {
    await pay(this.ledger, order('ann', 'ben', 1, this.#orders++));
    const copy = newPath(this.#test);
    for (const suffix of ['', '-wal']) {
      copyFileSync(this.#path + suffix, copy + suffix);
    }
    await this.ledger.close();
    this.#path = copy;
    await this.#openAgain();
  }

  async #openAgain(): Promise<void> {
    this.#store = new FailingStore(await sqliteArchive(this.#path).open());
    this.ledger = await Ledger.open(this.#store);
  }

  async #compare(name: string, before: number | undefined, limit: number): Promise<void> {
    const page = await this.ledger.history(name, before, limit);
    const expected = this.#seqsOf(name).filter((seq) => seq < (before ?? Infinity));
    assert.deepEqual(
      page.map(({ seq, from, to }) => ({ seq, from, to })),
      expected
        .slice(0, limit)
        .map((seq) => ({ seq, from: this.paid[seq - 1]?.[0], to: this.paid[seq - 1]?.[1] })),
    );
  }

  #seqsOf(name: string): number[] {
    return this.paid.flatMap((names, index) => (names.includes(name) ? [index + 1] : [])).toReversed();
  }
}

describe('history', () => {
  test('is that of a plain list, however commits, failures, crashes and pages follow one another', async (t) => {
    const steps = fc.array(step, { minLength: 10, maxLength: 30, size: 'max' });
    const run = async (sequence: readonly Step[]) => {
      const pair = await Pair.open(t);
      for (const one of sequence) {
        await pair.carryOut(one);
      }
      await pair.finish();
    };
    await fc.assert(fc.asyncProperty(steps, run), { numRuns: RUNS, interruptAfterTimeLimit: SHRINKING_MS });
  });

  test('begins at the milestone above the page, not at the newest transfer', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path, { grant: GRANT });
    await registerAll(ledger, 'ann', 'ben');
    for (let number = 2; number <= 2 * MILESTONE_INTERVAL + 10; number += 1) {
      await pay(ledger, order('ann', 'ben', 1, number));
    }
    await ledger.commit();
    const all = await allSeqs(ledger, 'ben');
    const milestone = all.at(-2 * MILESTONE_INTERVAL) ?? assert.fail();
    const database = new DatabaseSync(path);
    database.exec('UPDATE account SET last_seq = 0, transfers = 0');
    database.close();
    assert.deepEqual(await allSeqs(ledger, 'ben'), []);
    const page = await ledger.history('ben', milestone, MAX_HISTORY);
    assert.deepEqual(
      page.map(({ seq }) => seq),
      all.filter((seq) => seq < milestone).slice(0, MAX_HISTORY),
    );
  });

  test('is found at every depth, on both sides of every milestone', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: GRANT });
    await registerAll(ledger, 'ann', 'ben', 'cat');
    const anns = [1];
    for (let number = 0; number < 3 * MILESTONE_INTERVAL + 5; number += 1) {
      await pay(ledger, order('ann', 'ben', 1, 2 * number));
      await pay(ledger, order('cat', 'ben', 1, 2 * number + 1));
      anns.push(2 * number + 4);
    }
    await ledger.commit();
    for (let before = 0; before <= 2 * anns.length + 4; before += 1) {
      const page = await ledger.history('ann', before, 3);
      const expected = anns.filter((seq) => seq < before).slice(-3);
      assert.deepEqual(
        page.map(({ seq }) => seq),
        expected.toReversed(),
      );
    }
  });
});
