/**
 * What the ledger asks of the place where its books are kept. Every method gives a promise, so that a database
 * across a network can implement it as well as one in a file.
 *
 * Accounts are known by number here, never by name: the ledger has all names in memory.
 * A store has one user, its ledger, which never starts a call before the one before has settled.
 */

/** The account that new money comes from. Its balance is minus the circulation; no one can log in as it. */
export const ISSUER_ID = 0;

/** The issuer's name, as the payer of welcome grants in a history. It cannot be registered. */
export const ISSUER_NAME = 'issuer';

/** What is decided once, when the books are created. */
export interface Currency {
  /** What people call it, such as "dollars". */
  readonly name: string;
  /** Decimals: one unit is 10^scale minor units. */
  readonly scale: number;
}

export interface AccountRow {
  /** 1, 2, 3… in the order of registration; `ISSUER_ID` is not among them. */
  readonly id: number;
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Minor units, never negative. */
  readonly balance: number;
}

export interface NewAccountRow extends AccountRow {
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
}

export interface TransferRow {
  /** 1, 2, 3… without gaps: the order of all transfers. */
  readonly seq: number;
  /** 16 bytes, unique to the payer. */
  readonly id: Uint8Array;
  readonly payer: number;
  readonly payee: number;
  /** Minor units, 1 or more. */
  readonly amount: number;
  readonly memo: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One row for a pair of accounts: a request, or once accepted a friendship. */
export interface FriendshipRow {
  readonly asker: number;
  readonly asked: number;
  readonly accepted: boolean;
}

/** A balance that a commit replaces. */
export interface BalanceChange {
  readonly account: number;
  /** What the store must hold: anything else is a `conflict`. Minor units. */
  readonly before: number;
  readonly after: number;
}

/** A pair of accounts whose standing a commit replaces; without `row` nothing is left between them. */
export interface FriendshipChange {
  readonly one: number;
  readonly other: number;
  readonly row: FriendshipRow | undefined;
}

/** Everything that one commit writes, all of it or nothing. */
export interface Changes {
  /** With the balances that they have at the end of the batch. */
  readonly accounts: readonly NewAccountRow[];
  /** Of accounts that existed before and have a transfer here, the issuer among them; one for each. */
  readonly balances: readonly BalanceChange[];
  /** In the order of `seq`. */
  readonly transfers: readonly TransferRow[];
  /** At most one for a pair. */
  readonly friendships: readonly FriendshipChange[];
}

/** The whole state that the ledger holds in memory. */
export interface StoredBooks {
  /** Undefined until `create`. */
  readonly currency: Currency | undefined;
  /** Zero, or minus the circulation, minor units. */
  readonly issuerBalance: number;
  /** In the order of their ids. */
  readonly accounts: readonly AccountRow[];
  readonly friendships: readonly FriendshipRow[];
  /** `seq` of the last transfer, 0 when there is none. */
  readonly lastSeq: number;
}

/** What is looked for by `findTransfers`. */
export interface OrderKey {
  readonly payer: number;
  /** 16 bytes. */
  readonly id: Uint8Array;
}

/** Everything that was committed at one moment; commits made later are not seen through it. */
export interface Snapshot {
  books(): Promise<StoredBooks>;
  /** Every transfer in the order of `seq`, in slices, so that no more than one of them is in memory. */
  transfers(): AsyncIterable<readonly TransferRow[]>;
  /** What the store itself finds wrong with its files, indices and references; empty when nothing. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Every method rejects with `StoreError`. */
export interface Store {
  load(): Promise<StoredBooks>;
  /** Writes the currency of new books; once. */
  create(currency: Currency): Promise<void>;
  /** Those of the orders that are committed, in any order. */
  findTransfers(orders: readonly OrderKey[]): Promise<readonly TransferRow[]>;
  /** Transfers to or from the account with `seq` below `before`, newest first, at most `limit`. */
  history(account: number, before: number | undefined, limit: number): Promise<readonly TransferRow[]>;
  /** Once this resolves, the changes survive a loss of power. When it rejects, nothing of them is seen by `load`. */
  commit(changes: Changes): Promise<void>;
  snapshot(): Promise<Snapshot>;
  /** Releases the books for another process. Nothing may be called afterwards. */
  close(): Promise<void>;
}

/**
 * - `locked`: another process has the books open, or holds a lock on them
 * - `foreign`: the file is not a ledger
 * - `newer_schema`: the file was written by a later version of this program
 * - `other_currency`: the books are kept in another currency than the one asked for
 * - `damaged`: the file is a ledger, but broken
 * - `conflict`: what is stored is not what was loaded: another program has written to the books
 * - `full`: no space is left
 * - `io`: the operating system refuses to read or to write
 */
export type StoreErrorCode =
  | 'locked'
  | 'foreign'
  | 'newer_schema'
  | 'other_currency'
  | 'damaged'
  | 'conflict'
  | 'full'
  | 'io';

/** The books cannot be read or written. The message is one sentence for the operator. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
