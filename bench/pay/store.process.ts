/** The bare store: what `src/server` does to the ledger for a batch of payments, and nothing else. */

import { Ledger, type Order, sqliteArchive } from '../../src/ledger/index.ts';
import { newOrderId } from '../../test/client/support/internals.ts';
import { serveOrders } from './helper.ts';
import { percentiles } from './percentile.ts';
import type { StoreOrder, StoreResult, StoreSetup } from './store.ts';

serveOrders<StoreSetup, StoreOrder, StoreResult>(async ({ ledger: path, accounts, payees }) => {
  const ledger = await Ledger.open(await sqliteArchive(path).open());
  const names = Array.from({ length: accounts }, (_, n) => `client${n}`);
  await ledger.prefetch([]);
  for (const name of [...names, 'hot']) {
    ledger.register(name, new Uint8Array(32), Date.now());
  }
  await ledger.commit();

  const order = (): Order => {
    const payer = Math.floor(Math.random() * accounts);
    const payee = (payer + 1 + Math.floor(Math.random() * (accounts - 1))) % accounts;
    const name = payees === 'hot' ? 'hot' : (names[payee] ?? '');
    return { payer: names[payer] ?? '', payee: name, amount: 1, id: newOrderId(), memo: null };
  };
  const commit = async (size: number): Promise<void> => {
    const orders = Array.from({ length: size }, order);
    const now = Date.now();
    await ledger.prefetch(orders);
    for (const one of orders) {
      const { status } = ledger.transfer(one, now);
      if (status !== 'ok') {
        throw new Error(`the ledger says ${status}`);
      }
    }
    const { transfers } = await ledger.commit();
    if (transfers !== size) {
      throw new Error(`${transfers} transfers were committed of ${size}`);
    }
  };

  return async ({ seconds, sizes }) => {
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    const latencies: number[] = [];
    let payments = 0;
    for (let now = startedAt, batch = 0; now < startedAt + seconds * 1000; batch++) {
      const size = sizes[batch % sizes.length] ?? 1;
      await commit(size);
      const done = performance.now();
      latencies.push(done - now);
      payments += size;
      now = done;
    }
    const elapsed = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { payments, seconds: elapsed, cpuUs: (user + system) / payments, ...percentiles(latencies) };
  };
});
