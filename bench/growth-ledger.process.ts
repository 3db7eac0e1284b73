/** One ledger with nothing around it: fills it, pays in it, reads its histories, or starts with it. */

import { Ledger, type Order, sqliteArchive } from '../src/ledger/index.ts';
import { newOrderId } from '../test/client/support/internals.ts';
import { MAX_HISTORY } from '../test/ledger/support/internals.ts';
import type { GrowthOrder } from './growth-ledger.ts';
import type { GrowthSetup } from './growth-ledger-books.ts';
import { serveOrders } from './pay/helper.ts';
import { percentiles } from './pay/percentile.ts';

/** Minor units: nobody runs out of them. */
const GRANT = 1_000_000_000;

/**
 * Payments in one commit while the ledger is filled: more than a server's, which makes the same file faster.
 */
const FILLING_BATCH = 65_536;

/** How many operations were done, how long each took, ms, and the CPU time of one. */
async function repeat(count: number, seconds: number, operation: () => Promise<unknown>) {
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let now = startedAt; now < startedAt + seconds * 1000; ) {
    await operation();
    const done = performance.now();
    latencies.push(done - now);
    now = done;
  }
  const elapsed = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const operations = count * latencies.length;
  return {
    rate: operations / elapsed,
    serverCpuUs: (user + system) / operations,
    ...percentiles(latencies),
  };
}

serveOrders<GrowthSetup, GrowthOrder, unknown>(async ({ ledger: path, accounts }) => {
  const names = Array.from({ length: accounts }, (_, n) => `account${n}`);
  let ledger = await Ledger.open(await sqliteArchive(path).open(), { grant: GRANT });
  if (ledger.accounts === 0) {
    for (const name of names) {
      ledger.register(name, new Uint8Array(32), Date.now());
    }
    await ledger.commit();
  }

  const anyone = () => names[Math.floor(Math.random() * accounts)] ?? '';
  const order = (): Order => {
    const payer = anyone();
    let payee = anyone();
    while (payee === payer) {
      payee = anyone();
    }
    return { payer, payee, amount: 1, id: newOrderId(), memo: null };
  };
  const pay = async (payments: number): Promise<void> => {
    const orders = Array.from({ length: payments }, order);
    await ledger.prefetch(orders);
    const now = Date.now();
    for (const one of orders) {
      const { status } = ledger.transfer(one, now);
      if (status !== 'ok') {
        throw new Error(`the ledger says ${status}`);
      }
    }
    await ledger.commit();
  };
  const page = async (transfers: number): Promise<void> => {
    // The older part of a history has pages that are not full.
    const before = Math.ceil(transfers * (1 - 0.4 * Math.random()));
    await ledger.history(anyone(), before, MAX_HISTORY);
  };
  const restart = async (): Promise<void> => {
    await ledger.close();
    ledger = await Ledger.open(await sqliteArchive(path).open());
  };

  return async (asked) => {
    switch (asked.type) {
      case 'fill':
        for (let left = asked.transfers; left > 0; left -= FILLING_BATCH) {
          await pay(Math.min(FILLING_BATCH, left));
        }
        await ledger.close();
        return undefined;
      case 'pay':
        return repeat(asked.batch, asked.seconds, () => pay(asked.batch));
      case 'history':
        return repeat(1, asked.seconds, () => page(asked.transfers));
      case 'start':
        return repeat(1, asked.seconds, restart);
    }
  };
});
