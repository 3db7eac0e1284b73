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
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../store.ts';

/** A person's account. What `balance` says is always of now: copy it to keep it. */
export interface Account {
  readonly id: number;
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Minor units. */
  readonly balance: number;
  /** It neither pays nor is paid, until the operator lifts that. */
  readonly frozen: boolean;
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
}

/** How one person stands to another, seen from the first: `asked` is "I asked them", `asking` is "they ask me". */
export type FriendState = 'friend' | 'asked' | 'asking';

/** An account as the books hold it. */
export interface HeldAccount extends Account {
  balance: number;
  key: Uint8Array;
  frozen: boolean;
  /** By the other's account id. */
  readonly friends: Map<number, FriendState>;
}

const MIRRORED: Readonly<Record<FriendState, FriendState>> = {
  friend: 'friend',
  asked: 'asking',
  asking: 'asked',
};

/**
 * All accounts, balances and friendships in memory, and what has changed since the last commit.
 * Decides nothing: the rules are in `register`, `transfer`, `friends` and `operate`. What would break double entry is an
 * assertion here, so that no rule can get it wrong unseen.
 */
export class Books {
  readonly #byName = new Map<string, HeldAccount>();
  readonly #byId = new Map<number, HeldAccount>();
  readonly #issuer: HeldAccount;
  #lastAccountId = ISSUER_ID;
  #lastSeq: number;

  #lastOperation: number;

  readonly #registered = new Set<HeldAccount>();
  /** Balances as they are stored, of accounts whose balance has changed. */
  readonly #before = new Map<HeldAccount, number>();
  /** The same for standings. */
  readonly #standings = new Map<HeldAccount, Standing>();
  readonly #transfers: TransferRow[] = [];
  readonly #operations: OperationRow[] = [];
  readonly #pairs = new Map<string, readonly [HeldAccount, HeldAccount]>();

  /** Throws `StoreError` `damaged` for books that do not add up. */
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
    return this.#registered.size + this.#transfers.length + this.#pairs.size + this.#operations.length > 0;
  }

  /** The issuer is not found by name. */
  byName(name: string): HeldAccount | undefined {
    return this.#byName.get(name);
  }

  /** The account of an id that these books or their store have given, the issuer included. */
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
    this.#registered.add(account);
    return account;
  }

  /**
   * Debits the payer and credits the payee. The payee cannot overflow: no balance but the issuer's is negative
   * and all add up to zero, so none exceeds the circulation, which `MAX_AMOUNT` bounds.
   * Nothing goes to the issuer: see `redeem`.
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
    this.#remember(payer);
    this.#remember(payee);
    payer.balance -= amount;
    payee.balance += amount;
    this.#lastSeq += 1;
    const row = { seq: this.#lastSeq, id: id.slice(), payer: payer.id, payee: payee.id, amount, memo, at };
    this.#transfers.push(row);
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
    this.#rememberStanding(account);
    account.frozen = frozen;
    this.record(frozen ? 'freeze' : 'unfreeze', account, { reason, transfer: null, at });
  }

  /** Gives an account another key, and enters it into the operator's log. */
  setKey(account: HeldAccount, key: Uint8Array, { reason, at }: { reason: string; at: number }): void {
    assert(account !== this.#issuer, 'the issuer has no key');
    this.#rememberStanding(account);
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
    this.#relate(mine, theirs, state);
    const pair = mine.id < theirs.id ? ([mine, theirs] as const) : ([theirs, mine] as const);
    this.#pairs.set(`${pair[0].id} ${pair[1].id}`, pair);
  }

  /** What is not committed yet. */
  changes(): Changes {
    return {
      accounts: Array.from(this.#registered, ({ friends: _, ...row }): AccountRow => row),
      balances: Array.from(
        this.#before,
        ([account, before]): BalanceChange => ({ account: account.id, before, after: account.balance }),
      ),
      transfers: this.#transfers.slice(),
      friendships: Array.from(this.#pairs.values(), friendshipChange),
      operations: this.#operations.slice(),
      standings: Array.from(this.#standings, ([{ id, key, frozen }, before]) => ({
        account: id,
        before,
        after: { key, frozen },
      })),
    };
  }

  /** Tells the books that `changes()` is committed. */
  settle(): void {
    this.#registered.clear();
    this.#before.clear();
    this.#standings.clear();
    this.#transfers.length = 0;
    this.#operations.length = 0;
    this.#pairs.clear();
  }

  #hold(row: AccountRow): HeldAccount {
    const account: HeldAccount = { ...row, friends: new Map() };
    this.#byName.set(account.name, account);
    this.#byId.set(account.id, account);
    this.#lastAccountId = Math.max(this.#lastAccountId, account.id);
    return account;
  }

  #remember(account: HeldAccount): void {
    if (!this.#before.has(account) && !this.#registered.has(account)) {
      this.#before.set(account, account.balance);
    }
  }

  #rememberStanding(account: HeldAccount): void {
    if (!this.#standings.has(account) && !this.#registered.has(account)) {
      this.#standings.set(account, { key: account.key, frozen: account.frozen });
    }
  }

  #record(entry: Omit<OperationRow, 'seq'>): OperationRow {
    this.#lastOperation += 1;
    const row = { seq: this.#lastOperation, ...entry };
    this.#operations.push(row);
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

function friendshipChange([one, other]: readonly [HeldAccount, HeldAccount]): FriendshipChange {
  const state = one.friends.get(other.id);
  const pair = { one: one.id, other: other.id };
  if (state === undefined) {
    return { ...pair, row: undefined };
  }
  const [asker, asked] = state === 'asking' ? [other, one] : [one, other];
  return { ...pair, row: { asker: asker.id, asked: asked.id, accepted: state === 'friend' } };
}
