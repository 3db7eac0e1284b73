import type { Transfer } from '../../protocol/index.ts';
import { DIRECT_GRACE_MS, MAX_SHOWN, MAX_UNCONFIRMED, MAX_WAITING } from '../limits.ts';

/** What becomes of the payments that we are told of. */
export interface ArrivalHandlers {
  /** May this payer be heard on something that only they tell? It is remembered in any case. */
  hears(payer: string): boolean;
  /** The server has confirmed it: once for each transfer. */
  paid(transfer: Transfer, directly: boolean): void;
  /** Only its payer has told it, so far. */
  unconfirmed(transfer: Transfer): void;
}

interface Waiting {
  readonly transfer: Transfer;
  readonly timer: NodeJS.Timeout;
}

/**
 * Brings together what the server says of a payment and what its payer says of it directly. Only the server's word is
 * money; the payer's decides no more than how it is said to have come, and does that only when it says exactly the same.
 */
export class Arrivals {
  readonly #handlers: ArrivalHandlers;
  /** Told by the payer alone, by seq and payer, oldest first: nobody can speak for the seq of another's payment. */
  readonly #unconfirmed = new Map<string, Transfer>();
  /** Told by the server, and waiting for the payer's word, by seq, oldest first. */
  readonly #waiting = new Map<number, Waiting>();
  /** Said to have been paid, by seq, oldest first. */
  readonly #shown = new Set<number>();

  constructor(handlers: ArrivalHandlers) {
    this.#handlers = handlers;
  }

  /** A peer says so: the one that the transfer says it comes from. */
  direct(transfer: Transfer): void {
    const { seq } = transfer;
    const waiting = this.#waiting.get(seq);
    if (waiting !== undefined) {
      if (isSame(waiting.transfer, transfer)) this.#show(waiting.transfer, true);
      return;
    }
    const told = claimOf(transfer);
    if (this.#shown.has(seq) || this.#unconfirmed.has(told)) return;
    this.#unconfirmed.set(told, transfer);
    dropOldest(this.#unconfirmed, MAX_UNCONFIRMED);
    if (this.#handlers.hears(transfer.from)) this.#handlers.unconfirmed(transfer);
  }

  /** The server says so. `wait`: give the payer a moment to say so too. */
  confirmed(transfer: Transfer, wait: boolean): void {
    const { seq } = transfer;
    if (this.#shown.has(seq) || this.#waiting.has(seq)) return;
    const told = this.#unconfirmed.get(claimOf(transfer));
    if (!wait || told !== undefined) {
      this.#show(transfer, told !== undefined && isSame(told, transfer));
      return;
    }
    const timer = setTimeout(() => this.#show(transfer, false), DIRECT_GRACE_MS);
    this.#waiting.set(seq, { transfer, timer });
    const [oldest] = this.#waiting.values();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.#show(oldest.transfer, false);
  }

  /** Waits no longer: everything that the server has confirmed is said now. */
  flush(): void {
    for (const { transfer } of [...this.#waiting.values()]) this.#show(transfer, false);
    this.#unconfirmed.clear();
  }

  #show(transfer: Transfer, directly: boolean): void {
    const { seq } = transfer;
    clearTimeout(this.#waiting.get(seq)?.timer);
    this.#waiting.delete(seq);
    this.#unconfirmed.delete(claimOf(transfer));
    this.#shown.add(seq);
    dropOldest(this.#shown, MAX_SHOWN);
    this.#handlers.paid(transfer, directly);
  }
}

function claimOf({ seq, from }: Transfer): string {
  return `${seq} ${from}`;
}

/** Maps and sets keep the order in which things came. */
function dropOldest<K>(things: Map<K, unknown> | Set<K>, most: number): void {
  const [oldest] = things.keys();
  if (things.size > most && oldest !== undefined) things.delete(oldest);
}

function isSame(a: Transfer, b: Transfer): boolean {
  return (
    Buffer.from(a.id).equals(b.id) &&
    a.seq === b.seq &&
    a.from === b.from &&
    a.to === b.to &&
    a.amount === b.amount &&
    a.memo === b.memo &&
    a.at === b.at
  );
}
