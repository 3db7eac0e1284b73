import { setTimeout as pause } from 'node:timers/promises';
import { newOrderId, OutcomeUnknownError, RefusedError, Wallet } from '../../src/client/index.ts';
import type { KeyPair } from '../../src/link/index.ts';
import type { Random } from '../fuzz/random.ts';
import type { Journal, Recorded } from './journal.ts';

/**
 * Milliseconds before the next attempt to reach a server that is gone, or to pay somebody who is not back
 * yet.
 */
const PAUSE_MS = 10;
/** The largest payment, minor units: nobody ever runs out of a grant of 10,000.00. */
const MAX_PAYMENT = 20;

type Order = Pick<Recorded, 'id' | 'payer' | 'payee' | 'amount'>;

export interface PayerOptions {
  readonly name: string;
  readonly others: readonly string[];
  readonly identity: KeyPair;
  readonly port: number;
  readonly serverKey: Uint8Array;
  readonly journal: Journal;
  readonly random: Random;
  /** Orders under way at once. */
  readonly depth: number;
  /** Orders of an earlier life that have no answer. */
  readonly pending: readonly Order[];
  /** An order was answered. */
  readonly answered: () => void;
  /**
   * Whether nobody has anything to do any more: until then the others may need this one as a payee who is
   * online.
   */
  readonly allDone: () => boolean;
}

/** One person who pays the others without end, and asks again under the same id whatever has no answer. */
export class Payer {
  readonly #options: PayerOptions;
  /** Without an answer, and not under way. */
  readonly #pending: Order[];
  #underWay = 0;
  #isStopping = false;

  constructor(options: PayerOptions) {
    this.#options = options;
    this.#pending = [...options.pending];
  }

  /** Begins no new order. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Whether it was stopped, and every order of its own has its answer. */
  get isDone(): boolean {
    return this.#isStopping && this.#pending.length === 0 && this.#underWay === 0;
  }

  /** Resolves when everybody was stopped and every order has its answer. */
  async run(): Promise<void> {
    while (!this.#options.allDone()) {
      const wallet = await this.#arrive();
      if (wallet === undefined) {
        await pause(PAUSE_MS);
      } else {
        await Promise.all(Array.from({ length: this.#options.depth }, () => this.#payOn(wallet)));
        await wallet.close();
      }
    }
  }

  async #arrive(): Promise<Wallet | undefined> {
    const { name, identity, port, serverKey } = this.#options;
    let wallet: Wallet | undefined;
    try {
      wallet = await Wallet.connect({ host: '127.0.0.1', port, serverKey, identity, reconnect: false });
      await this.#login(wallet, name);
      return wallet;
    } catch {
      // The server is gone, or the network.
      await wallet?.close();
      return undefined;
    }
  }

  async #login(wallet: Wallet, name: string): Promise<void> {
    try {
      await wallet.login(name);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.symbol !== 'AUTH_FAIL') {
        throw error;
      }
      await wallet.register(name);
      await wallet.login(name);
    }
  }

  /** Pays until the link breaks, or until nobody has anything left to do. */
  async #payOn(wallet: Wallet): Promise<void> {
    while (!this.#options.allDone() && wallet.connected) {
      const order = this.#pending.shift() ?? (this.#isStopping ? undefined : this.#newOrder());
      const isAnswered = order !== undefined && (await this.#payOnce(wallet, order));
      if (!isAnswered) {
        await pause(PAUSE_MS);
      }
    }
  }

  async #payOnce(wallet: Wallet, order: Order): Promise<boolean> {
    this.#underWay += 1;
    const isAnswered = await this.#pay(wallet, order);
    this.#underWay -= 1;
    if (!isAnswered) {
      this.#pending.push(order);
    }
    return isAnswered;
  }

  #newOrder(): Order {
    const { name, others, random, journal } = this.#options;
    const id = Buffer.from(newOrderId()).toString('hex');
    const order = { id, payer: name, payee: random.pick(others), amount: 1 + random.below(MAX_PAYMENT) };
    journal.order(order);
    return order;
  }

  /** Whether it is answered for good. */
  async #pay(wallet: Wallet, { id, payee, amount }: Order): Promise<boolean> {
    const { journal, answered } = this.#options;
    try {
      journal.sent(id);
      const { transfer } = await wallet.pay(payee, amount, { id: new Uint8Array(Buffer.from(id, 'hex')) });
      journal.paid(id, transfer.seq);
      answered();
      return true;
    } catch (error) {
      // Payees who are on their way back, or a server that cannot write: the same order is given again.
      if (error instanceof RefusedError) {
        journal.refused(id, error.code);
      } else if (error instanceof OutcomeUnknownError) {
        journal.unknown(id);
      }
      return false;
    }
  }
}
