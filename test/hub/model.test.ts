import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { PayResult, Transfer } from '../../src/protocol/index.ts';
import { OnlineList } from '../server/support/internals.ts';
import type { HubInput, HubOutput } from './support/internals.ts';
import { codeOf, DISK_FULL, isAnswer, Town, type Visitor } from './support/town.ts';

const NAMES = ['ann', 'ben', 'cat'] as const;
/** Links at once; two people have two. */
const LINKS = 5;

type Step =
  | {
      readonly do: 'register' | 'login' | 'list' | 'history' | 'friends' | 'exit' | 'break';
      readonly link: number;
    }
  | { readonly do: 'befriend' | 'unfriend'; readonly link: number; readonly name: string }
  | {
      readonly do: 'pay';
      readonly link: number;
      readonly name: string;
      readonly amount: number;
      readonly id: number;
    };

const link = fc.nat(LINKS - 1);
const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('login', 'list', 'history', 'friends', 'exit', 'break'),
    link,
  }),
  fc.record({ do: fc.constantFrom('befriend', 'unfriend'), link, name }),
  fc.record({
    do: fc.constant('pay'),
    link,
    name,
    amount: fc.integer({ min: 0, max: 6_000 }),
    id: fc.nat(9),
  }),
  fc.record({ do: fc.constant('pay'), link, name, amount: fc.constant(100), id: fc.nat(9) }),
);
const batches = fc.array(
  fc.record({ steps: fc.array(step, { maxLength: 8 }), fails: fc.nat(4).map((n) => n === 0) }),
  {
    maxLength: 15,
  },
);

/** Follows what the hub says, as gateways and clients do, and holds it to what it promised. */
class Witness {
  readonly #town: Town;
  readonly #online = new OnlineList();
  readonly #visitors: Visitor[] = [];
  /** Who is logged in on which link, as far as the links were told. */
  readonly #loggedIn = new Map<number, string>();
  /** What every payer was told of every order. */
  readonly #paid = new Map<string, Transfer>();
  readonly #notified = new Set<number>();

  constructor(town: Town) {
    this.#town = town;
  }

  async run(steps: readonly Step[]): Promise<void> {
    const batch = steps.flatMap((one) => this.#inputs(one));
    const outputs = await this.#town.run(...batch);
    this.#answersInOrder(batch, outputs);
    for (const output of outputs) this.#hear(output, batch);
    for (const input of batch) if (input.type === 'closed') this.#loggedIn.delete(input.conn);
    const online = this.#online.shownTo('').map((entry) => entry.name);
    assert.deepEqual(online, [...this.#loggedIn.values()].sort());
    assert.equal(this.#town.hub.online, online.length);
  }

  async audit(): Promise<void> {
    const report = await this.#town.ledger.audit();
    assert.deepEqual(report.problems, []);
    assert.equal(report.transfers, report.accounts + this.#paid.size);
    assert.equal(this.#notified.size, this.#paid.size);
  }

  #inputs(one: Step): HubInput[] {
    const before: HubInput[] = [];
    let visitor = this.#visitors[one.link];
    if (visitor === undefined) {
      visitor = this.#town.visitor((one.link % NAMES.length) + 1);
      this.#visitors[one.link] = visitor;
      before.push(visitor.opened);
    }
    return [...before, this.#input(one, visitor)];
  }

  #input(one: Step, visitor: Visitor): HubInput {
    const own = NAMES[one.link % NAMES.length] ?? 'ann';
    switch (one.do) {
      case 'register':
        return visitor.ask('register', { name: own });
      case 'login':
        return visitor.login(own);
      case 'break':
        delete this.#visitors[one.link];
        return visitor.closed;
      case 'pay':
        return visitor.pay(one.name, one.amount, one.id);
      case 'befriend':
      case 'unfriend':
        return visitor.ask(one.do, { name: one.name });
      default:
        return visitor.ask(one.do, {});
    }
  }

  #answersInOrder(batch: readonly HubInput[], outputs: readonly HubOutput[]): void {
    const asked = batch.flatMap((input) => (input.type === 'request' ? [[input.conn, input.id]] : []));
    assert.deepEqual(
      outputs.filter(isAnswer).map(({ conn, id }) => [conn, id]),
      asked,
    );
    const failed = outputs.filter(isAnswer).filter((answer) => codeOf(answer) === 500);
    assert.ok(failed.length === 0 || failed.length === asked.length, 'a batch fails as a whole');
  }

  #hear(output: HubOutput, batch: readonly HubInput[]): void {
    if (output.type === 'arrived') this.#online.arrived(output.entry);
    else if (output.type === 'departed') this.#online.departed(output.name);
    else if (output.type === 'view') this.#loggedIn.set(output.conn, output.view.name);
    else if (output.type === 'close') this.#loggedIn.delete(output.conn);
    else if (output.type === 'push' && output.method === 'paid') {
      const { seq } = output.params.transfer;
      assert.ok(!this.#notified.has(seq), 'a payee is told once');
      this.#notified.add(seq);
    } else if (output.type === 'reply') {
      const request = batch.find(
        (input) => input.type === 'request' && input.conn === output.conn && input.id === output.id,
      );
      if (request?.type === 'request' && request.method === 'pay') this.#hearPaid(output.result as PayResult);
    }
  }

  #hearPaid({ transfer }: PayResult): void {
    const key = `${transfer.from} ${transfer.id.at(-1)}`;
    assert.deepEqual(this.#paid.get(key) ?? transfer, transfer, 'an order has one transfer');
    this.#paid.set(key, transfer);
  }
}

test('whatever people do, and whenever the disk fails: presence is consistent, orders pay once, money is conserved', async (t: TestContext) => {
  await fc.assert(
    fc.asyncProperty(batches, async (sequence) => {
      const town = await Town.open(t, { noRates: true });
      const witness = new Witness(town);
      await witness.run(
        NAMES.flatMap((_, link) => [
          { do: 'register', link },
          { do: 'login', link },
        ]),
      );
      for (const { steps, fails } of sequence) {
        town.commitError = fails ? DISK_FULL : undefined;
        await witness.run(steps);
      }
      await witness.audit();
    }),
    { numRuns: 40 },
  );
});
