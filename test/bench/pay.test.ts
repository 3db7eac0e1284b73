import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Batches } from '../../bench/pay/batches.ts';
import { type Load, RunningPayments } from '../../bench/pay/farthing.ts';
import { percentiles } from '../../bench/pay/percentile.ts';
import { store } from '../../bench/pay/store.ts';
import { Client } from '../server/support/client.ts';

/** Never the build, which may be an older one. */
const PROGRAM = join(import.meta.dirname, '../../src/cli/bin/farthing-server.ts');

const PAYMENTS = 300;

async function started(t: TestContext, load: Load, batches: Batches): Promise<RunningPayments> {
  const running = await RunningPayments.start({ backend: 'native', program: PROGRAM }, load, batches);
  t.after(() => running.end());
  return running;
}

for (const payees of ['uniform', 'hot'] as const) {
  test(`payments (${payees}): each is answered once, and the books hold them all`, async (t) => {
    const batches = new Batches(1);
    const running = await started(t, { clients: 3, depth: 4, payees }, batches);
    const sample = await running.run({ seconds: 60, payments: PAYMENTS });
    assert.equal(sample.answered, PAYMENTS);
    const sum = batches.sizes.reduce((total, size) => total + size, 0);
    assert.equal(sum, PAYMENTS);
    assert.ok(Math.max(...batches.sizes) <= 3 * 4, 'no batch holds more than is under way');
    assert.ok(sample.rate > 0 && (sample.serverCpuUs ?? -1) >= 0);
    await running.close();
    assert.equal(existsSync(running.folder), false);
  });
}

test('money that the load does not know of fails the run', async (t) => {
  const running = await started(t, { clients: 2, depth: 1, payees: 'uniform' }, new Batches(1));
  await running.run({ seconds: 60, payments: 1 });
  const stranger = await Client.member(running.target, 'stranger');
  await stranger.link.close();
  await assert.rejects(running.close(), /the books say/);
  assert.equal(existsSync(running.folder), false);
});

test('the bare store commits in the sizes that it is given', async (t) => {
  const batches = new Batches(7);
  const running = await store({ clients: 3, depth: 1, payees: 'uniform' }, batches).start();
  t.after(() => running.close());
  const { rate } = await running.measure(0.05);
  assert.ok(rate > 0);
});

test('percentiles of latencies, in whatever order they come', () => {
  const latencies = Array.from({ length: 1000 }, (_, n) => 1000 - n);
  assert.deepEqual(percentiles(latencies), { p50Ms: 501, p99Ms: 991, p999Ms: 1000 });
  assert.deepEqual(percentiles([]), { p50Ms: null, p99Ms: null, p999Ms: null });
});
