import assert from 'node:assert/strict';
import { MAX_AMOUNT } from '../limits.ts';
import {
  type AccountRow,
  type BalanceChange,
  type Changes,
  type FriendshipChange,
  ISSUER_ID,
  ISSUER_NAME,
  type OperationRow,
  type Standing,
  type StandingChange,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../store.ts';
import type { FriendState, HeldAccount } from './account.ts';
import { JournalledTable } from './journalled-table.ts';

const MIRRORED: Readonly<Record<FriendState, FriendState>> = {
  friend: 'friend',
  asked: 'asking',
  asking: 'asked',
};

/** Two accounts, the one with the smaller id first. */
type Pair = readonly [HeldAccount, HeldAccount];

/**
 * All accounts, balances and friendships in memory, and what has changed since the last commit. Decides
 * nothing: the rules are in `register`, `transfer`, `friends` and `operate`. What would break double entry is
 * an assertion here, so that no rule can get it wrong unseen.
 */
export class Books {
  readonly #byName = new Map<string, HeldAccount>();
  readonly #byId = new Map<number, HeldAccount>();
  readonly #issuer: HeldAccount;
  #lastAccountId = ISSUER_ID;
  #lastSeq: number;
  #lastOperation: number;
  /** One for each kind of row that a commit writes. */
  readonly #tables = {
    accounts: new JournalledTable<HeldAccount>(),
    balances: new JournalledTable<HeldAccount, number>(),
    standings: new JournalledTable<HeldAccount, Standing>(),
    transfers: new JournalledTable<TransferRow>(),
    operations: new JournalledTable<OperationRow>(),
    // By both ids. A commit replaces whatever stands between the two: the pair is all there is to keep.
    friendships: new JournalledTable<string, Pair>(),
  } satisfies Record<keyof Changes, JournalledTable<unknown, unknown>>;

  /** @throws StoreError `damaged` for books that do not add up */
  constructor(stored: StoredBooks) {
    this.#issuer = {
      id: ISSUER_ID,
      name: ISSUER_NAME,
      key: new Uint8Array(),
      balance: stored.issuerBalance,
      frozen: false,
      registeredAt: 0,
      friends: new Map(),
    };
    this.#byId.set(ISSUER_ID, this.#issuer);
    this.#lastSeq = stored.lastSeq;
    this.#lastOperation = stored.lastOperation;
    let circulation = 0n;
    for (const row of stored.accounts) {
      this.#hold(row);
      circulation += BigInt(row.balance);
    }
    if (circulation !== -BigInt(stored.issuerBalance)) {
      throw new StoreError('damaged', 'the books are damaged: the balances do not add up to zero');
    }
    for (const { asker, asked, accepted } of stored.friendships) {
      this.#relate(this.byId(asker), this.byId(asked), accepted ? 'friend' : 'asked');
    }
  }

  get issuer(): HeldAccount {
    return this.#issuer;
  }

  /** Minor units in the hands of people. */
  get circulation(): number {
    return 0 - this.#issuer.balance;
  }

  get accounts(): number {
    return this.#byName.size;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get lastOperation(): number {
    return this.#lastOperation;
  }

  get nextAccountId(): number {
    return this.#lastAccountId + 1;
  }

  get changed(): boolean {
    return Object.values(this.#tables).some(({ isChanged }) => isChanged);
  }

  /** The issuer is not found by name. */
  byName(name: string): HeldAccount | undefined {
    return this.#byName.get(name);
  }

  /**
   * The account of an id that these books or their store have given, the issuer included.
   *
   * @throws StoreError `damaged`
   */
  byId(id: number): HeldAccount {
    const account = this.#byId.get(id);
    if (account === undefined) {
      throw new StoreError('damaged', `the books are damaged: they name account ${id}, which does not exist`);
    }
    return account;
  }

  /** A new account under `nextAccountId`, with nothing on it. */
  addAccount(name: string, key: Uint8Array, registeredAt: number): HeldAccount {
    assert(name !== ISSUER_NAME && !this.#byName.has(name), 'the name is free');
    const account = this.#hold({
      id: this.nextAccountId,
      name,
      key: key.slice(),
      balance: 0,
      frozen: false,
      registeredAt,
    });
    this.#tables.accounts.add(account);
    return account;
  }

  /**
   * Debits the payer and credits the payee. The payee cannot overflow: no balance but the issuer's is
   * negative and all add up to zero, so none exceeds the circulation, which `MAX_AMOUNT` bounds. Nothing goes
   * to the issuer: see `redeem`.
   */
  post(
    payer: HeldAccount,
    payee: HeldAccount,
    transfer: Pick<TransferRow, 'id' | 'amount' | 'memo' | 'at'>,
  ): TransferRow {
    assert(payer !== payee, 'money moves between two accounts');
    assert(payee !== this.#issuer, 'nobody pays the issuer');
    return this.#move(payer, payee, transfer);
  }

  /** Takes money of an account out of circulation: the only way back to the issuer. */
  redeem(account: HeldAccount, transfer: Pick<TransferRow, 'id' | 'amount' | 'memo' | 'at'>): TransferRow {
    assert(account !== this.#issuer, 'what is redeemed is in circulation');
    return this.#move(account, this.#issuer, transfer);
  }

  #move(
    payer: HeldAccount,
    payee: HeldAccount,
    { id, amount, memo, at }: Pick<TransferRow, 'id' | 'amount' | 'memo' | 'at'>,
  ): TransferRow {
    assert(Number.isSafeInteger(amount) && amount > 0, 'an amount is a positive safe integer');
    assert(payer.balance - amount >= (payer === this.#issuer ? -MAX_AMOUNT : 0), 'the payer has the amount');
    assert(payee.balance + amount <= MAX_AMOUNT, 'the payee can hold the amount');
    this.#change(this.#tables.balances, payer, payer.balance);
    this.#change(this.#tables.balances, payee, payee.balance);
    payer.balance -= amount;
    payee.balance += amount;
    this.#lastSeq += 1;
    const row = { seq: this.#lastSeq, id: id.slice(), payer: payer.id, payee: payee.id, amount, memo, at };
    this.#tables.transfers.add(row);
    return row;
  }

  /** Enters into the operator's log what was done to an account. */
  record(
    kind: OperationRow['kind'],
    account: HeldAccount,
    { reason, transfer, at }: { reason: string; transfer: number | null; at: number },
  ): OperationRow {
    return this.#record({ at, kind, account: account.id, reason, transfer, oldKey: null, newKey: null });
  }

  /** Freezes an account, or lifts that, and enters it into the operator's log. */
  setFrozen(account: HeldAccount, frozen: boolean, { reason, at }: { reason: string; at: number }): void {
    assert(account !== this.#issuer && account.frozen !== frozen, 'it changes');
    this.#change(this.#tables.standings, account, standingOf(account));
    account.frozen = frozen;
    this.record(frozen ? 'freeze' : 'unfreeze', account, { reason, transfer: null, at });
  }

  /** Gives an account another key, and enters it into the operator's log. */
  setKey(account: HeldAccount, key: Uint8Array, { reason, at }: { reason: string; at: number }): void {
    assert(account !== this.#issuer, 'the issuer has no key');
    this.#change(this.#tables.standings, account, standingOf(account));
    const oldKey = account.key;
    account.key = key.slice();
    this.#record({
      at,
      kind: 'rekey',
      account: account.id,
      reason,
      transfer: null,
      oldKey,
      newKey: account.key,
    });
  }

  /** Puts two accounts into a state as seen by the first of them; undefined: nothing is between them. */
  relate(mine: HeldAccount, theirs: HeldAccount, state: FriendState | undefined): void {
    assert(mine !== theirs, 'a friendship is between two accounts');
    const pair: Pair = mine.id < theirs.id ? [mine, theirs] : [theirs, mine];
    this.#tables.friendships.change(`${pair[0].id} ${pair[1].id}`, pair);
    this.#relate(mine, theirs, state);
  }

  /** What is not committed yet. */
  changes(): Changes {
    const { accounts, balances, standings, transfers, operations, friendships } = this.#tables;
    return {
      accounts: accounts.added().map(({ friends: _, ...row }): AccountRow => row),
      balances: balances.changed(balanceChange),
      standings: standings.changed(standingChange),
      transfers: transfers.added(),
      operations: operations.added(),
      friendships: friendships.changed((_, pair) => friendshipChange(pair)),
    };
  }

  /** Tells the books that `changes()` is committed. */
  settle(): void {
    for (const table of Object.values(this.#tables)) {
      table.settle();
    }
  }

  #hold(row: AccountRow): HeldAccount {
    const account: HeldAccount = { ...row, friends: new Map() };
    this.#byName.set(account.name, account);
    this.#byId.set(account.id, account);
    this.#lastAccountId = Math.max(this.#lastAccountId, account.id);
    return account;
  }

  /**
   * Comes before a change of an account. Of a new one, which is written as it is in the end, nothing is
   * stored.
   */
  #change<Image>(table: JournalledTable<HeldAccount, Image>, account: HeldAccount, image: Image): void {
    if (!this.#tables.accounts.isNew(account)) {
      table.change(account, image);
    }
  }

  #record(entry: Omit<OperationRow, 'seq'>): OperationRow {
    this.#lastOperation += 1;
    const row = { seq: this.#lastOperation, ...entry };
    this.#tables.operations.add(row);
    return row;
  }

  #relate(mine: HeldAccount, theirs: HeldAccount, state: FriendState | undefined): void {
    if (state === undefined) {
      mine.friends.delete(theirs.id);
      theirs.friends.delete(mine.id);
    } else {
      mine.friends.set(theirs.id, state);
      theirs.friends.set(mine.id, MIRRORED[state]);
    }
  }
}

function balanceChange({ id, balance }: HeldAccount, before: number): BalanceChange {
  return { account: id, before, after: balance };
}

function standingChange(account: HeldAccount, before: Standing): StandingChange {
  return { account: account.id, before, after: standingOf(account) };
}

function standingOf({ key, frozen }: HeldAccount): Standing {
  return { key, frozen };
}

function friendshipChange([one, other]: Pair): FriendshipChange {
  const state = one.friends.get(other.id);
  const pair = { one: one.id, other: other.id };
  if (state === undefined) {
    return { ...pair, row: undefined };
  }
  const [asker, asked] = state === 'asking' ? [other, one] : [one, other];
  return { ...pair, row: { asker: asker.id, asked: asked.id, accepted: state === 'friend' } };
}
