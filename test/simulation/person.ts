import { demand, same, show } from './same.ts';

/** An order that has been given, whatever came of it. */
export interface GivenOrder {
  readonly to: string;
  readonly amount: number;
  readonly order: number;
  readonly memo: string;
  /** Not answered yet, or the link broke before the answer. */
  open: boolean;
}

/** Somebody with a key, who may have several names, and several devices. */
export interface Person {
  readonly key: Uint8Array;
  /** Names that they use, or would like to. */
  readonly names: readonly string[];
  /** Of these, the ones that they have asked for. */
  readonly registered: Set<string>;
  readonly orders: GivenOrder[];
}

interface Told {
  readonly seq: number;
  readonly id: Uint8Array;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/**
 * What all clients together were promised: it has to hold to the end, whatever happens to links and servers.
 */
export class Promises {
  /** The transfer that each order was answered with, by payer and id. */
  readonly #paid = new Map<string, object>();
  /** Transfers of which the payee was told. */
  readonly #told = new Set<number>();

  get paid(): number {
    return this.#paid.size;
  }

  get told(): number {
    return this.#told.size;
  }

  /** A payer was told that money has moved. */
  answered(transfer: object): void {
    const { from, id } = transfer as Told;
    const key = `${from} ${Buffer.from(id).toString('hex')}`;
    const first = this.#paid.get(key);
    demand(
      first === undefined || same(first, transfer),
      () => `one order of ${from} has two transfers: ${show(first)} and ${show(transfer)}`,
    );
    this.#paid.set(key, transfer);
  }

  /** A payee was told that money has come. */
  notified(transfer: object, payee: string): void {
    const { seq, to } = transfer as Told;
    demand(to === payee, () => `${payee} is told of money for ${to}`);
    demand(!this.#told.has(seq), () => `${payee} is told twice of transfer ${seq}`);
    this.#told.add(seq);
  }

  /** What was answered is in the books. */
  demandKept(transfers: readonly { readonly seq: number }[]): void {
    for (const promised of this.#paid.values()) {
      const kept = transfers[(promised as Told).seq - 1];
      demand(same(kept, promised), () => `an answered payment is lost: ${show(promised)}`);
    }
    for (const seq of this.#told) {
      demand(seq <= transfers.length, () => `a payee was told of transfer ${seq}, which does not exist`);
    }
  }
}
