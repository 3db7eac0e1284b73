/** Pays without end, in batches, and prints `<order> <seq> ok` for each order once it is committed. */
import { writeSync } from 'node:fs';
import { Ledger, sqliteArchive } from '../../../src/ledger/index.ts';
import { NOW, order, registerAll } from '../support/fixtures.ts';

const STDOUT = 1;
const ledger = await Ledger.open(await sqliteArchive(process.argv[2] ?? '').open(), { grant: 1_000_000 });
await registerAll(ledger, 'alice', 'bob');
for (let next = Number(process.argv[3]); ; ) {
  const orders = Array.from({ length: 1 + (next % 30) }, (_, i) => order('alice', 'bob', 1, next + i));
  await ledger.prefetch(orders);
  const answers = orders.map((one, i) => {
    const result = ledger.transfer(one, NOW);
    return result.status === 'ok' ? `${next + i} ${result.transfer.seq} ok\n` : `${result.status}\n`;
  });
  await ledger.commit();
  writeSync(STDOUT, answers.join(''));
  next += orders.length;
}
