import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addFigures, runSeed } from './campaign.ts';
import type { Figures } from './figures.ts';
import { Simulation } from './simulation.ts';

/** Steps of each seed. */
const STEPS = 5_000;

/** Runs seeds one after another; what was found, and what all together have done. */
async function live(first: number, count: number, disk: 'model' | 'sqlite'): Promise<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await runSeed(seed, { steps: STEPS, disk, shorten: false });
    if ('events' in outcome) {
      assert.fail(`seed ${seed} on ${disk}: ${outcome.text}\n${outcome.events.join('\n')}`);
    }
    addFigures(sum, outcome);
  }
  return sum;
}

/** What must have happened, or the simulation has proved nothing. */
function demandLife(sum: Readonly<Record<string, number>>, floors: Partial<Figures>): void {
  for (const [what, least] of Object.entries(floors)) {
    assert.ok((sum[what] ?? 0) >= least, `${sum[what]} ${what}, not even ${least}`);
  }
}

describe('a simulated community is always as the model says', () => {
  test('on a disk that is a model', async () => {
    const sum = await live(1, 60, 'model');
    demandLife(sum, { steps: 300_000, payments: 1_500, retries: 2_000, operations: 100, transfers: 1_500 });
    demandLife(sum, { crashes: 80, failures: 80, cuts: 200, gateways: 30, unknown: 1_000 });
  });

  test('on the real store', async () => {
    const sum = await live(1, 8, 'sqlite');
    demandLife(sum, { steps: 40_000, payments: 150, crashes: 5, failures: 5, cuts: 20 });
  });
});

test('the same seed is the same life, another is another', async () => {
  const lifeOf = async (seed: number): Promise<string[]> => {
    const events: string[] = [];
    await Simulation.run({ seed, steps: 1_000, disk: 'model', trace: (event) => events.push(event) });
    return events;
  };
  const life = await lifeOf(7);
  assert.ok(life.length > 100);
  assert.deepEqual(await lifeOf(7), life);
  assert.notDeepEqual(await lifeOf(8), life);
});
