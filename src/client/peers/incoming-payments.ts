import type { Transfer } from '../../protocol/index.ts';
import {
  DIRECT_GRACE_MS,
  MAX_SHOWN_PAYMENTS,
  MAX_UNCONFIRMED_PAYMENTS,
  MAX_WAITING_PAYMENTS,
} from '../limits.ts';

/** What becomes of the payments that we are told of. */
export interface IncomingPaymentHandlers {
  /** May something that only this payer says be shown now? It is remembered in any case. */
  mayShow(payer: string): boolean;
  /** The server has confirmed it: once for each transfer. */
  paid(transfer: Transfer, directly: boolean): void;
  /** Only its payer has said so, so far. */
  unconfirmed(transfer: Transfer): void;
}

interface Waiting {
  readonly transfer: Transfer;
  readonly timer: NodeJS.Timeout;
}

/**
 * Brings together what the server says of a payment (it confirms it) and what its payer says of it directly
 * (a claim). Only what the server confirms is money; an equal claim decides no more than that it is shown as
 * paid `directly`.
 */
export class IncomingPayments {
  readonly #handlers: IncomingPaymentHandlers;
  /**
   * Claimed and not confirmed, by seq and payer, oldest first: no claim displaces another payer's for the
   * same seq.
   */
  readonly #unconfirmed = new Map<string, Transfer>();
  /** Confirmed, and waiting for the payer's claim, by seq, oldest first. */
  readonly #waiting = new Map<number, Waiting>();
  /** Shown as paid, by seq, oldest first. */
  readonly #shown = new Set<number>();

  constructor(handlers: IncomingPaymentHandlers) {
    this.#handlers = handlers;
  }

  /** A peer says so: the one that the transfer says it comes from. */
  claim(transfer: Transfer): void {
    const { seq } = transfer;
    const waiting = this.#waiting.get(seq);
    if (waiting !== undefined) {
      if (isSame(waiting.transfer, transfer)) {
        this.#show(waiting.transfer, true);
      }
      return;
    }
    const claim = claimKey(transfer);
    if (this.#shown.has(seq) || this.#unconfirmed.has(claim)) {
      return;
    }
    this.#unconfirmed.set(claim, transfer);
    dropOldest(this.#unconfirmed, MAX_UNCONFIRMED_PAYMENTS);
    if (this.#handlers.mayShow(transfer.from)) {
      this.#handlers.unconfirmed(transfer);
    }
  }

  /** The server says so. `wait`: {@link DIRECT_GRACE_MS} for the payer to say so too. */
  confirm(transfer: Transfer, wait: boolean): void {
    const { seq } = transfer;
    if (this.#shown.has(seq) || this.#waiting.has(seq)) {
      return;
    }
    const claim = this.#unconfirmed.get(claimKey(transfer));
    if (!wait || claim !== undefined) {
      this.#show(transfer, claim !== undefined && isSame(claim, transfer));
      return;
    }
    const timer = setTimeout(() => this.#show(transfer, false), DIRECT_GRACE_MS);
    this.#waiting.set(seq, { transfer, timer });
    const [oldest] = this.#waiting.values();
    if (this.#waiting.size > MAX_WAITING_PAYMENTS && oldest !== undefined) {
      this.#show(oldest.transfer, false);
    }
  }

  /** Waits no longer: everything that the server has confirmed is shown now. */
  flush(): void {
    for (const { transfer } of [...this.#waiting.values()]) {
      this.#show(transfer, false);
    }
    this.#unconfirmed.clear();
  }

  #show(transfer: Transfer, directly: boolean): void {
    const { seq } = transfer;
    clearTimeout(this.#waiting.get(seq)?.timer);
    this.#waiting.delete(seq);
    this.#unconfirmed.delete(claimKey(transfer));
    this.#shown.add(seq);
    dropOldest(this.#shown, MAX_SHOWN_PAYMENTS);
    this.#handlers.paid(transfer, directly);
  }
}

function claimKey({ seq, from }: Transfer): string {
  return `${seq} ${from}`;
}

/** Maps and sets keep the order in which things came. */
function dropOldest<K>(things: Map<K, unknown> | Set<K>, most: number): void {
  const [oldest] = things.keys();
  if (things.size > most && oldest !== undefined) {
    things.delete(oldest);
  }
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
