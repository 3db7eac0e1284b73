import assert from 'node:assert/strict';
import type { OrderKey } from '../store.ts';
import type { Transfer } from './order.ts';

/**
 * Which orders of the current batch have a transfer already: on disk, or made earlier in the same batch.
 *
 * The transfers are too many to be in memory, and an operation cannot wait for the disk, so every order of a
 * batch is looked for beforehand. That one was looked for in vain is noted as well: an order that nobody
 * looked for could pay twice, so asking for it is an assertion.
 */
export class KnownOrders {
  readonly #transfers = new Map<string, Transfer | undefined>();

  /** False: it has to be looked for on disk. */
  isSettled(payer: string, id: Uint8Array): boolean {
    return this.#transfers.has(orderKey(payer, id));
  }

  /** Notes that there is no such transfer on disk, unless `add` says otherwise. */
  addAbsent(payer: string, id: Uint8Array): void {
    this.#transfers.set(orderKey(payer, id), undefined);
  }

  add(transfer: Transfer): void {
    this.#transfers.set(orderKey(transfer.from, transfer.id), transfer);
  }

  find(payer: string, id: Uint8Array): Transfer | undefined {
    const key = orderKey(payer, id);
    assert(this.#transfers.has(key), 'the order was looked for by prefetch');
    return this.#transfers.get(key);
  }

  clear(): void {
    this.#transfers.clear();
  }
}

/** The id comes first: it always has 16 bytes, so that no two orders have the same key whatever the name. */
function orderKey(payer: string, id: OrderKey['id']): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1') + payer;
}
