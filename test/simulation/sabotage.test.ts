// Servers that are broken on purpose, each in one way: a simulation that does not notice proves nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Store } from '../../src/ledger/index.ts';
import type { HubOutput, HubResult } from '../hub/support/internals.ts';
import { runSeed } from './campaign.ts';
import type { Sabotage } from './simulation.ts';

/** Seeds that are tried, and steps of each. */
const SEEDS = 40;
const STEPS = 3_000;

/** A store of which one method is another. */
function withStore(change: (store: Store) => Partial<Store>): Sabotage {
  return {
    store: (store) => ({
      load: () => store.load(),
      create: (currency) => store.create(currency),
      findTransfers: (orders) => store.findTransfers(orders),
      history: (account, before, limit) => store.history(account, before, limit),
      commit: (changes) => store.commit(changes),
      snapshot: () => store.snapshot(),
      close: () => store.close(),
      ...change(store),
    }),
  };
}

/** A hub of which each output is replaced. */
function withOutputs(replace: (output: HubOutput) => readonly HubOutput[]): Sabotage {
  return {
    result: (result: HubResult) => ({
      ...result,
      outputs: result.outputs.map((outputs) => outputs.flatMap(replace)),
    }),
  };
}

const isPaid = (output: HubOutput): boolean => output.type === 'push' && output.method === 'paid';

const SABOTAGE: Readonly<Record<string, Sabotage>> = {
  'orders of earlier batches are not looked for': withStore(() => ({ findTransfers: async () => [] })),
  'an answer goes out before the commit': withStore((store) => ({
    commit: async (changes) => {
      store.commit(changes).catch(() => undefined);
    },
  })),
  'a commit that fails is not noticed': withStore((store) => ({
    commit: (changes) => store.commit(changes).catch(() => undefined),
  })),
  'a transfer is not written': withStore((store) => ({
    commit: (changes) => store.commit({ ...changes, transfers: changes.transfers.slice(1) }),
  })),
  'a balance is not written': withStore((store) => ({
    commit: (changes) => store.commit({ ...changes, balances: changes.balances.slice(1) }),
  })),
  'an answered history lacks its oldest transfer': withStore((store) => ({
    history: async (account, before, limit) => (await store.history(account, before, limit)).slice(0, -1),
  })),
  'a payee is not told': withOutputs((output) => (isPaid(output) ? [] : [output])),
  'a payee is told twice': withOutputs((output) => (isPaid(output) ? [output, output] : [output])),
  'a kicked link does not end': withOutputs((output) => (output.type === 'close' ? [] : [output])),
  'somebody stays in the list': withOutputs((output) => (output.type === 'departed' ? [] : [output])),
  'a refusal has another code': withOutputs((output) =>
    output.type === 'refusal' && output.error === 'PAYEE_OFFLINE'
      ? [{ ...output, error: 'PAYEE_UNKNOWN' }]
      : [output],
  ),
};

describe('it notices when', () => {
  for (const [name, sabotage] of Object.entries(SABOTAGE)) {
    test(name, async () => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const outcome = await runSeed(seed, { steps: STEPS, disk: 'model', sabotage, shorten: false });
        if (!('events' in outcome)) {
          continue;
        }
        assert.equal(outcome.seed, seed);
        assert.ok(outcome.events.length > 0 && outcome.text.length > 0);
        return;
      }
      assert.fail(`${SEEDS} seeds of ${STEPS} steps have shown nothing`);
    });
  }
});
