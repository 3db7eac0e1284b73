import {
  type Changes,
  type Currency,
  type OrderKey,
  type Snapshot,
  type Store,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../ledger/support/internals.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { Disk } from './model-disk.ts';
import { demand } from './same.ts';

/**
 * What a commit meets:
 * - `before`: it fails, and nothing is written
 * - `middle`: it fails when half is written, and the store takes that back
 * - `after`, `ghost`: it fails, and the store cannot say that nothing was done: all is written, or may come
 *   back with the next
 *   start, as a log that was written and could not be synced; the server ends
 * - `dies before`, `dies after`: the power fails, with the commit on the disk or not
 */
export type CommitFault = 'before' | 'middle' | 'after' | 'ghost' | 'dies before' | 'dies after';

/** What goes wrong during one turn of the hub. */
export interface Faults {
  readonly commit: CommitFault | undefined;
  /** How many times the books cannot be loaded. */
  readonly loads: number;
  /** Whether the orders of the batch cannot be looked for. */
  readonly find: boolean;
  /** Histories that cannot be read, counted from 0. */
  readonly histories: ReadonlySet<number>;
  /** Times that a commit lets others run before it is done. */
  readonly ticks: number;
}

export const NO_FAULTS: Faults = { commit: undefined, loads: 0, find: false, histories: new Set(), ticks: 1 };

/** Everything in memory is gone. */
export class PowerLoss extends Error {
  override readonly name = 'PowerLoss';
}

/** What has gone wrong during a turn, in fact. */
export interface Happened {
  /** Undefined: it succeeded, or there was none. */
  commit: CommitFault | undefined;
  committed: boolean;
  /** Something failed that lets the whole batch fail. */
  failed: boolean;
  histories: number;
}

/** A store that fails as it is told, and lets a bookkeeper see whatever is written. */
export class FaultyStore implements Store {
  faults = NO_FAULTS;
  happened: Happened = { commit: undefined, committed: false, failed: false, histories: 0 };
  /** A commit that failed, and may come back. */
  ghost: Changes | undefined;
  /** Whether the ledger has the books, as far as the last load says. */
  loaded = false;
  readonly #disk: Disk;
  readonly #inner: Store;
  readonly #bookkeeper: Bookkeeper;
  #busy = false;
  #isUnsettled = false;
  #loads = 0;

  constructor(disk: Disk, inner: Store, bookkeeper: Bookkeeper) {
    this.#disk = disk;
    this.#inner = inner;
    this.#bookkeeper = bookkeeper;
  }

  /** Another turn begins. */
  begin(faults: Faults): void {
    this.faults = faults;
    this.happened = { commit: undefined, committed: false, failed: false, histories: 0 };
    this.#loads = faults.loads;
  }

  async load(): Promise<StoredBooks> {
    return this.#alone(async () => {
      this.loaded = false;
      if (this.#loads > 0) {
        this.#loads -= 1;
        this.#fail('the books cannot be read');
      }
      const stored = await this.#inner.load();
      this.#bookkeeper.compare(stored);
      this.loaded = true;
      return stored;
    });
  }

  async create(currency: Currency): Promise<void> {
    return this.#alone(() => this.#inner.create(currency));
  }

  async findTransfers(orders: readonly OrderKey[]): Promise<readonly TransferRow[]> {
    return this.#alone(async () => {
      if (this.faults.find) {
        this.#fail('orders cannot be looked for');
      }
      return this.#inner.findTransfers(orders);
    });
  }

  async history(account: number, before: number | undefined, limit: number): Promise<readonly TransferRow[]> {
    return this.#alone(async () => {
      const fails = this.faults.histories.has(this.happened.histories);
      this.happened.histories += 1;
      if (fails) {
        throw new StoreError('io', 'a history cannot be read');
      }
      return this.#inner.history(account, before, limit);
    });
  }

  async commit(changes: Changes): Promise<void> {
    return this.#alone(async () => {
      demand(!this.happened.committed, () => 'one batch is committed twice');
      for (let tick = 0; tick < this.faults.ticks; tick++) {
        await Promise.resolve();
      }
      const { commit } = this.faults;
      this.happened.commit = commit;
      if (commit === undefined) {
        return this.#write(changes);
      }
      this.happened.failed = true;
      return this.#failCommit(changes, commit);
    });
  }

  async snapshot(): Promise<Snapshot> {
    return this.#inner.snapshot();
  }

  async close(): Promise<void> {
    return this.#alone(() => this.#inner.close());
  }

  async #failCommit(changes: Changes, fault: CommitFault): Promise<void> {
    if (fault === 'middle') {
      return this.#break(changes);
    }
    if (fault === 'after' || fault === 'dies after') {
      await this.#write(changes);
    }
    if (fault === 'ghost') {
      this.ghost = changes;
    }
    if (fault === 'dies before' || fault === 'dies after') {
      throw new PowerLoss();
    }
    if (fault === 'after' || fault === 'ghost') {
      this.#isUnsettled = true;
      throw new StoreError('unsettled', 'the disk has a fault');
    }
    this.#fail('the disk is full');
  }

  /** Without a transfer in it, or on a disk that cannot break, it succeeds. */
  async #break(changes: Changes): Promise<void> {
    if (this.#disk.breakCommit === undefined || changes.transfers.length === 0) {
      this.happened.commit = undefined;
      this.happened.failed = false;
      return this.#write(changes);
    }
    const mend = this.#disk.breakCommit();
    try {
      await this.#inner.commit(changes);
    } finally {
      mend();
    }
  }

  async #write(changes: Changes): Promise<void> {
    await this.#inner.commit(changes);
    this.#bookkeeper.record(changes);
    this.ghost = undefined;
    this.happened.committed = true;
  }

  #fail(why: string): never {
    this.happened.failed = true;
    throw new StoreError('io', why);
  }

  /** A store is promised one call at a time. */
  async #alone<T>(call: () => Promise<T>): Promise<T> {
    demand(!this.#busy, () => 'the store is called while it works');
    demand(!this.#isUnsettled, () => 'the store is called when nobody knows what it holds');
    this.#busy = true;
    try {
      return await call();
    } finally {
      this.#busy = false;
    }
  }
}
