import type { Ledger, Order } from '../../src/ledger/index.ts';

/** Milliseconds since 1970. */
const NOW = 1_700_000_000_000;
export const PEOPLE = ['ann', 'ben', 'cas', 'dot', 'eve', 'fay'] as const;
/** Minor units: enough for all that one of them ever pays here. */
export const GRANT = 1_000_000;

/** Makes the accounts, each with its grant: transfers 1 to `PEOPLE.length`. */
export async function populate(ledger: Ledger): Promise<void> {
  await ledger.prefetch([]);
  for (const [index, name] of PEOPLE.entries()) {
    ledger.register(name, new Uint8Array(32).fill(index + 1), NOW);
  }
  await ledger.commit();
}

/**
 * The order that becomes transfer number `seq`: a function of nothing else, so that what is found can be
 * checked.
 */
export function orderOf(seq: number): Order {
  const payer = seq % PEOPLE.length;
  const payee = (payer + 1 + (seq % (PEOPLE.length - 1))) % PEOPLE.length;
  const id = Buffer.alloc(16);
  id.writeUInt32BE(seq, 12);
  return {
    payer: PEOPLE[payer] ?? '',
    payee: PEOPLE[payee] ?? '',
    amount: 1 + (seq % 9),
    id: new Uint8Array(id),
    memo: seq % 3 === 0 ? 'm'.repeat(seq % 250) : null,
  };
}

/** Commits the orders from `first` on as one batch. Returns the `seq` of the last. */
export async function payBatch(ledger: Ledger, first: number, count: number): Promise<number> {
  const orders = Array.from({ length: count }, (_, index) => orderOf(first + index));
  await ledger.prefetch(orders);
  for (const [index, order] of orders.entries()) {
    const done = ledger.transfer(order, NOW);
    if (done.status !== 'ok' || done.transfer.seq !== first + index) {
      throw new Error(`order ${first + index}: ${done.status}`);
    }
  }
  await ledger.commit();
  return first + count - 1;
}

/** Orders in the batch that begins with this `seq`: mostly few, sometimes many. */
export function batchSize(first: number): number {
  return first % 7 === 0 ? 40 : 1 + (first % 4);
}
