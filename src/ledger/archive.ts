/**
 * What is done with the books as a whole: the second of the two things that are asked of a database. The
 * first is `Store`, what the running ledger asks. Where the books are (a path, an address) is said once, when
 * an archive is made.
 */
import type { AuditReport } from './audit/audit.ts';
import type { Transfer } from './rules/order.ts';
import type { Currency, Snapshot, Store } from './store.ts';

/**
 * The books in one place, whether a ledger has them open or not. Besides what each method says, all of them
 * reject with `StoreError` `damaged` or `io`, and with `ArchiveError` `foreign` or `newer_schema`, and then
 * leave the books as they are.
 */
export interface Archive {
  /**
   * Opens the books for their ledger, which has them for itself until the store is closed. Makes them where
   * there are none, and brings older ones up to date.
   *
   * @throws StoreError `locked`, `full`
   */
  open(): Promise<Store>;

  /**
   * Has `work` read the books as they are at one moment, whatever is committed meanwhile. Writes nothing, and
   * keeps nobody from writing. Where they come into use in such a way that what was read may be of no one
   * moment, `work` begins again.
   *
   * @throws ArchiveError `older_schema`, `changed`; and whatever `work` throws
   */
  read<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>;

  /**
   * Audits the books as they are at one moment. Writes nothing.
   *
   * @throws ArchiveError `older_schema`, `changed`
   */
  audit(onProgress?: Progress): Promise<BooksReport>;

  /**
   * The transfers as they are at one moment, to be read as slowly as anybody likes, and closed. Writes
   * nothing.
   *
   * @throws ArchiveError `older_schema`, `changed`
   */
  journal(): Promise<Journal>;

  /**
   * Copies the books, as they are at one moment, into a single file at `to`. The copy is audited before it
   * has its name: a file of that name is whole, and is in order. When it is not in order, the report says so
   * and nothing is left.
   *
   * @throws StoreError `full`; ArchiveError `exists`, `older_schema`, `changed`
   */
  backup(to: string, options: CopyOptions): Promise<BooksReport>;

  /**
   * Puts the backup in the file `from` in the place of these books, and keeps what was there under a name
   * with the time `now` in it, ms since 1970. Both the backup and the copy of it are audited before anything
   * is replaced; when either is not in order, the report says so and all is as it was. A crash leaves the
   * ones or the others, whole.
   *
   * @throws StoreError `locked` while a server has the books, `full`; ArchiveError `exists`, `changed`
   */
  restore(from: string, options: CopyOptions, now: number): Promise<RestoreReport>;
}

/**
 * What is told while something long goes on: how much is done, of how much. `copy` counts pages of the file,
 * `audit` transfers.
 */
export type Progress = (what: 'copy' | 'audit', done: number, all: number) => void;

export interface CopyOptions {
  /** Whether what is there already may be replaced. */
  readonly replace: boolean;
  readonly onProgress?: Progress | undefined;
}

/** What an audit has found, and what the money that it counts is called. */
export interface BooksReport extends AuditReport {
  readonly currency: Currency;
}

export interface RestoreReport extends BooksReport {
  /** Where the books are now that were there before; undefined where there were none, or nothing was done. */
  readonly kept: string | undefined;
}

/** Which transfers are asked for. */
export interface JournalRange {
  /** The first `seq`. */
  readonly from: number;
  /** The last `seq`. */
  readonly to: number;
  /** Only those that the account of this name pays or is paid. */
  readonly account?: string | undefined;
}

/**
 * All transfers that there were at one moment. Takes no lock. Every method fails as those of {@link Archive}
 * do.
 */
export interface Journal {
  readonly currency: Currency;
  /** Whether there is an account of this name, the issuer among them. */
  has(account: string): boolean;
  /** In the order of `seq`, in slices, so that no more than one of them is in memory. */
  transfers(range: JournalRange): AsyncIterable<readonly Transfer[]>;
  close(): Promise<void>;
}

/**
 * - `foreign`: what is there is no ledger
 * - `older_schema`: it was written by an earlier version of this program, and is only to be read
 * - `newer_schema`: it was written by a later version of this program
 * - `changed`: it came into use while it was read
 * - `exists`: there is something already where something was to be made
 */
export type ArchiveErrorCode = 'foreign' | 'older_schema' | 'newer_schema' | 'changed' | 'exists';

/**
 * What is there cannot be used as books, or for what was asked. The message is one sentence for the operator.
 */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: ArchiveErrorCode;

  constructor(code: ArchiveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
