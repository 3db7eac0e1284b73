/**
 * What the running ledger asks of the place where its books are kept. Every method gives a promise, so that a
 * database across a network can implement it as well as one in a file. What is done with books as a whole is
 * in `archive.ts`.
 *
 * Accounts are known by number here, never by name: the ledger has all names in memory. A store has one user,
 * its ledger, which never starts a call before the one before has settled.
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
  /** It neither pays nor is paid, until the operator lifts that. */
  readonly frozen: boolean;
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

/** What the operator has done to an account. */
export type OperationKind = 'freeze' | 'unfreeze' | 'issue' | 'redeem' | 'rekey';

/** An entry of the operator's log, which is only ever added to. */
export interface OperationRow {
  /** 1, 2, 3… without gaps: the order of all operations. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: OperationKind;
  readonly account: number;
  /** What the operator gave as the reason. */
  readonly reason: string;
  /** `seq` of the transfer that an issue or a redeem made; null for the others. */
  readonly transfer: number | null;
  /** 32 bytes each, for a rekey; null for the others. */
  readonly oldKey: Uint8Array | null;
  readonly newKey: Uint8Array | null;
}

/** What an audit needs of a transfer. */
export type Movement = Pick<TransferRow, 'seq' | 'payer' | 'payee' | 'amount'>;

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

/** What of an account the operator alone can change. */
export interface Standing {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly frozen: boolean;
}

/** A standing that a commit replaces. */
export interface StandingChange {
  readonly account: number;
  /** What the store must hold: anything else is a `conflict`. */
  readonly before: Standing;
  readonly after: Standing;
}

/** A pair of accounts whose relation a commit replaces; without `row` nothing is left between them. */
export interface FriendshipChange {
  readonly one: number;
  readonly other: number;
  readonly row: FriendshipRow | undefined;
}

/** Everything that one commit writes, all of it or nothing. */
export interface Changes {
  /** As they are at the end of the batch. */
  readonly accounts: readonly AccountRow[];
  /** Of accounts that existed before and have a transfer here, the issuer among them; one for each. */
  readonly balances: readonly BalanceChange[];
  /** In the order of `seq`. */
  readonly transfers: readonly TransferRow[];
  /** At most one for a pair. */
  readonly friendships: readonly FriendshipChange[];
  /** In the order of `seq`. */
  readonly operations: readonly OperationRow[];
  /** Of accounts that existed before; one for each. */
  readonly standings: readonly StandingChange[];
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
  /** `seq` of the last operation, 0 when there is none. */
  readonly lastOperation: number;
}

/** What is looked for by `findTransfers`. */
export interface OrderKey {
  readonly payer: number;
  /** 16 bytes. */
  readonly id: Uint8Array;
}

/**
 * Everything that was committed at one moment; commits made later are not seen through it. Every method
 * rejects with `StoreError` `damaged` or `io`, or with `ArchiveError` `changed`.
 */
export interface Snapshot {
  books(): Promise<StoredBooks>;
  /** Every transfer in the order of `seq`, in slices, so that no more than one of them is in memory. */
  transfers(): AsyncIterable<readonly Movement[]>;
  /** Every operation in the order of `seq`, in slices. */
  operations(): AsyncIterable<readonly OperationRow[]>;
  /** Every transfer that the issuer pays or is paid, in the order of `seq`, in slices. */
  issuerTransfers(): AsyncIterable<readonly TransferRow[]>;
  /** How many transfers each account has, by its id; those without may be missing. */
  transferCounts(): Promise<ReadonlyMap<number, number>>;
  /** What the store itself finds wrong with its files, indices and references; empty when nothing. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Every method rejects with `StoreError`: `damaged`, `io`, and what it says. */
export interface Store {
  load(): Promise<StoredBooks>;
  /** Writes the currency of new books; once. @throws StoreError `locked`, `full` */
  create(currency: Currency): Promise<void>;
  /** Those of the orders that are committed, in any order. */
  findTransfers(orders: readonly OrderKey[]): Promise<readonly TransferRow[]>;
  /** Transfers to or from the account with `seq` below `before`, newest first, at most `limit`. */
  history(account: number, before: number | undefined, limit: number): Promise<readonly TransferRow[]>;
  /**
   * Once this resolves, the changes survive a loss of power. When it rejects, nothing of them is ever seen,
   * but after `unsettled`: then nothing more may be asked of the store.
   *
   * @throws StoreError `locked`, `conflict`, `full`, `unsettled`
   */
  commit(changes: Changes): Promise<void>;
  /** What is committed now. @throws ArchiveError where somebody has put other books in their place */
  snapshot(): Promise<Snapshot>;
  /** Releases the books for another process. Nothing may be called afterwards. */
  close(): Promise<void>;
}

/**
 * - `locked`: another process has the books open, or holds a lock on them
 * - `unsettled`: a commit failed in such a way that it may have been made all the same, which is seen when
 *   the books are opened again; nothing may be done with them until then, nor may anybody be told that
 *   nothing was done
 * - `other_currency`: the books are kept in another currency than the one asked for
 * - `damaged`: the books are broken
 * - `conflict`: what is stored is not what was loaded: another program has written to the books
 * - `full`: no space is left
 * - `io`: the operating system refuses to read or to write
 */
export type StoreErrorCode =
  | 'locked'
  | 'unsettled'
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
