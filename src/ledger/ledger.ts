import assert from 'node:assert/strict';
import { type AuditReport, audit } from './audit/audit.ts';
import type { Account } from './books/account.ts';
import { Books } from './books/books.ts';
import { DEFAULT_CURRENCY, MAX_AMOUNT, MAX_CURRENCY_BYTES, MAX_HISTORY, MAX_SCALE } from './limits.ts';
import {
  type BefriendResult,
  befriend,
  type Friend,
  friends,
  type UnfriendResult,
  unfriend,
} from './rules/friends.ts';
import { KnownOrders } from './rules/known-orders.ts';
import { type Operation, type OperationResult, operate } from './rules/operate.ts';
import type { Order, Transfer } from './rules/order.ts';
import { type RegisterResult, register } from './rules/register.ts';
import { type CheckResult, check, named, type TransferResult, transfer } from './rules/transfer.ts';
import { type Currency, ISSUER_NAME, type OrderKey, type Store, StoreError } from './store.ts';

/** What the operator may say; all of it may be left out. */
export interface LedgerSettings {
  /** Welcome grant of a new account, minor units. Default: 10,000 whole units. May differ at every start. */
  readonly grant?: number | undefined;
  /** The currency's name. Default: what the books say, "dollars" for new ones. */
  readonly currency?: string | undefined;
  /** Decimals of the currency, 0 to 6. Default: what the books say, 2 for new ones. */
  readonly scale?: number | undefined;
}

/** Whole units. */
const DEFAULT_GRANT = 10_000;

/**
 * The books of one community, with a single writer. Their use is one batch after another:
 *
 * 1. `await prefetch(orders)` at the beginning of the batch, even without orders; again whenever more are
 *    known
 * 2. the operations, each synchronous: a function of the books, its arguments and `now`
 * 3. `await commit()`: only now may anything be answered, since only now it is on disk
 *
 * When `commit` or `prefetch` throws, nothing of the batch has happened as far as the books know, and they
 * have been read from the store again: answer every operation of the batch with a failure, then go on. But
 * for `unsettled`: then it may have happened, answer nothing, and open the store anew.
 *
 * Besides what they say, all methods throw `StoreError` `io` while the books could not be read again after a
 * failure. A call that breaks the contract is an assertion.
 */
export class Ledger {
  readonly currency: string;
  /** Decimals of the currency. */
  readonly scale: number;
  /** Welcome grant, minor units. */
  readonly grant: number;
  readonly #store: Store;
  readonly #known = new KnownOrders();
  /** Undefined after a failure, until they have been loaded again. */
  #books: Books | undefined;
  #committing = false;

  private constructor(store: Store, currency: Currency, grant: number, books: Books) {
    this.currency = currency.name;
    this.scale = currency.scale;
    this.grant = grant;
    this.#store = store;
    this.#books = books;
  }

  /**
   * Loads the books, and creates them in an empty store. When this throws, the store is still the caller's to
   * close.
   *
   * @throws StoreError `other_currency` where the books are kept in another one than the settings say;
   *   `damaged`, `locked`, `full`, `io`
   */
  static async open(store: Store, settings: LedgerSettings = {}): Promise<Ledger> {
    const stored = await store.load();
    const currency = stored.currency ?? newCurrency(settings);
    requireSameCurrency(currency, settings);
    const grant = settings.grant ?? DEFAULT_GRANT * 10 ** currency.scale;
    assert(Number.isSafeInteger(grant) && grant >= 0 && grant <= MAX_AMOUNT, 'a grant is an amount or 0');
    const books = new Books(stored);
    if (stored.currency === undefined) {
      await store.create(currency);
    }
    return new Ledger(store, currency, grant, books);
  }

  /** Minor units in the hands of people. */
  get circulation(): number {
    return this.#open().circulation;
  }

  /** Number of accounts, without the issuer. */
  get accounts(): number {
    return this.#open().accounts;
  }

  /** Number of transfers, those of the present batch included. */
  get transfers(): number {
    return this.#open().lastSeq;
  }

  /** Not to be kept beyond the batch: after a failure there are new books. The issuer is not found. */
  account(name: string): Account | undefined {
    return this.#open().byName(name);
  }

  /**
   * Looks on disk for orders that were executed in earlier batches. Every order must have been looked for in
   * the batch that executes it. The payer need not have an account yet, and may be the issuer.
   *
   * @throws StoreError `damaged`, `io`
   */
  async prefetch(orders: readonly Pick<Order, 'payer' | 'id'>[]): Promise<void> {
    if (this.#books === undefined) {
      await this.#load();
    }
    const books = this.#open();
    const unsettled = orders.filter(({ payer, id }) => !this.#known.isSettled(payer, id));
    const wanted = unsettled.flatMap(({ payer, id }): OrderKey[] => {
      const account = payer === ISSUER_NAME ? books.issuer : books.byName(payer);
      return account === undefined ? [] : [{ payer: account.id, id }];
    });
    await this.#orReload(async () => {
      const found = wanted.length === 0 ? [] : await this.#store.findTransfers(wanted);
      for (const { payer, id } of unsettled) {
        this.#known.addAbsent(payer, id);
      }
      for (const row of found) {
        this.#known.add(named(books, row));
      }
    });
  }

  /** See `register`. `now`: milliseconds since 1970. */
  register(name: string, key: Uint8Array, now: number): RegisterResult {
    return register(this.#open(), name, key, this.grant, now);
  }

  /** See `transfer`. `now`: milliseconds since 1970. */
  transfer(order: Order, now: number): TransferResult {
    return transfer(this.#open(), this.#known, order, now);
  }

  /** See `check`. */
  check(order: Order): CheckResult {
    return check(this.#open(), this.#known, order);
  }

  /**
   * Whether the payer has a transfer under this id already. The order must have been looked for by
   * `prefetch`.
   */
  isExecuted({ payer, id }: Pick<Order, 'payer' | 'id'>): boolean {
    return this.#known.find(payer, id) !== undefined;
  }

  /** Friends and open requests, sorted by name. */
  friends(name: string): Friend[] {
    return friends(this.#open(), name);
  }

  /** Asks the other for a friendship, or accepts the other's request. */
  befriend(name: string, other: string): BefriendResult {
    return befriend(this.#open(), name, other);
  }

  /** Ends a friendship, withdraws a request, or declines one. */
  unfriend(name: string, other: string): UnfriendResult {
    return unfriend(this.#open(), name, other);
  }

  /** See `operate`. `now`: milliseconds since 1970. */
  operate(operation: Operation, now: number): OperationResult {
    return operate(this.#open(), this.#known, operation, now);
  }

  /**
   * Committed transfers from or to an account that exists, newest first.
   *
   * @param before only those with a smaller `seq`
   * @param limit 1 to 100
   * @throws StoreError `damaged`, `io`
   */
  async history(name: string, before: number | undefined, limit: number): Promise<Transfer[]> {
    const books = this.#open();
    const account = books.byName(name);
    assert(account !== undefined, 'the one who asks has an account');
    assert(Number.isInteger(limit) && limit > 0 && limit <= MAX_HISTORY, 'a page has 1 to 100 transfers');
    const rows = await this.#store.history(account.id, before, limit);
    return rows.map((row) => named(books, row));
  }

  /**
   * Writes everything since the last commit, in one transaction of the store. Without changes it does
   * nothing.
   *
   * @throws StoreError `locked`, `conflict`, `full`, `io`; `unsettled`
   */
  async commit(): Promise<{ readonly transfers: number }> {
    const books = this.#open();
    if (books.changed) {
      const changes = books.changes();
      this.#committing = true;
      try {
        await this.#orReload(() => this.#store.commit(changes));
      } finally {
        this.#committing = false;
      }
      books.settle();
      this.#known.clear();
      return { transfers: changes.transfers.length };
    }
    this.#known.clear();
    return { transfers: 0 };
  }

  /** Forgets everything since the last commit. @throws StoreError `damaged`, `io` */
  async rollback(): Promise<void> {
    await this.#load();
  }

  /**
   * Checks the books on disk against themselves and against those in memory. Between batches only. Damage is
   * reported, not thrown.
   *
   * @throws StoreError `io`; ArchiveError where somebody has put other books in their place
   */
  async audit(): Promise<AuditReport> {
    const books = this.#open();
    assert(!books.changed, 'an audit comes between batches');
    const snapshot = await this.#store.snapshot();
    try {
      return await audit(snapshot, { books });
    } finally {
      await snapshot.close();
    }
  }

  /** What is not committed is forgotten. Nothing may be called afterwards. @throws StoreError `io` */
  async close(): Promise<void> {
    this.#books = undefined;
    await this.#store.close();
  }

  #open(): Books {
    assert(!this.#committing, 'nothing is done while a commit runs');
    if (this.#books === undefined) {
      throw new StoreError('io', 'the books could not be read again after a failure');
    }
    return this.#books;
  }

  async #load(): Promise<void> {
    this.#books = undefined;
    this.#known.clear();
    this.#books = new Books(await this.#store.load());
  }

  /** After a failure memory may not be what is on disk: it is read again before anything else is answered. */
  async #orReload(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof StoreError && error.code === 'unsettled') {
        this.#books = undefined;
        throw error;
      }
      // A second failure says nothing new; `prefetch` tries again with the next batch.
      await this.#load().catch(() => undefined);
      throw error;
    }
  }
}

function newCurrency(settings: LedgerSettings): Currency {
  const { currency: name = DEFAULT_CURRENCY.name, scale = DEFAULT_CURRENCY.scale } = settings;
  assert(
    name.length > 0 && Buffer.byteLength(name) <= MAX_CURRENCY_BYTES,
    'a currency has a name of 1 to 32 bytes',
  );
  assert(Number.isInteger(scale) && scale >= 0 && scale <= MAX_SCALE, 'a currency has 0 to 6 decimals');
  return { name, scale };
}

function requireSameCurrency(stored: Currency, { currency, scale }: LedgerSettings): void {
  if ((currency ?? stored.name) !== stored.name || (scale ?? stored.scale) !== stored.scale) {
    const asked = `${currency ?? stored.name} with ${scale ?? stored.scale} decimals`;
    throw new StoreError(
      'other_currency',
      `the books are kept in ${stored.name} with ${stored.scale} decimals, not in ${asked}`,
    );
  }
}
