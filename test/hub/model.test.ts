import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { PayResult, Transfer } from '../../src/protocol/index.ts';
import { OnlineList } from '../server/support/internals.ts';
import type { HubInput, HubOutput } from './support/internals.ts';
import { BEGINNING, batches, Crowd, type Step } from './support/steps.ts';
import { codeOf, DISK_FULL, isAnswer, Town } from './support/town.ts';

/** Follows what the hub says, as gateways and clients do, and holds it to what it promised. */
class Witness {
  readonly #town: Town;
  readonly #online = new OnlineList();
  readonly #crowd: Crowd;
  /** Who is logged in on which link, as far as the links were told. */
  readonly #loggedIn = new Map<number, string>();
  /** What every payer was told of every order. */
  readonly #paid = new Map<string, Transfer>();
  readonly #notified = new Set<number>();

  constructor(town: Town) {
    this.#town = town;
    this.#crowd = new Crowd(town);
  }

  async run(steps: readonly Step[]): Promise<void> {
    const batch = steps.flatMap((one) => this.#crowd.inputs(one));
    const outputs = await this.#town.run(...batch);
    this.#answersInOrder(batch, outputs);
    for (const output of outputs) {
      this.#hear(output, batch);
    }
    for (const input of batch) {
      if (input.type === 'closed') {
        this.#loggedIn.delete(input.conn);
      }
    }
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
    if (output.type === 'arrived') {
      this.#online.arrived(output.entry);
    } else if (output.type === 'departed') {
      this.#online.departed(output.name);
    } else if (output.type === 'view') {
      this.#loggedIn.set(output.conn, output.view.name);
    } else if (output.type === 'close') {
      this.#loggedIn.delete(output.conn);
    } else if (output.type === 'push' && output.method === 'paid') {
      const { seq } = output.params.transfer;
      assert.ok(!this.#notified.has(seq), 'a payee is told once');
      this.#notified.add(seq);
    } else if (output.type === 'reply') {
      const request = batch.find(
        (input) => input.type === 'request' && input.conn === output.conn && input.id === output.id,
      );
      if (request?.type === 'request' && request.method === 'pay') {
        this.#hearPaid(output.result as PayResult);
      }
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
      await witness.run(BEGINNING);
      for (const { steps, fails } of sequence) {
        town.commitError = fails ? DISK_FULL : undefined;
        await witness.run(steps);
      }
      await witness.audit();
    }),
    { numRuns: 40 },
  );
});
