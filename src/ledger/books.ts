import assert from 'node:assert/strict';
import { MAX_AMOUNT } from './limits.ts';
import {
  type AccountRow,
  type BalanceChange,
  type Changes,
  type FriendshipChange,
  ISSUER_ID,
  ISSUER_NAME,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from './store.ts';

/** A person's account. What `balance` says is always of now: copy it to keep it. */
export interface Account {
  readonly id: number;
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Minor units. */
  readonly balance: number;
}

/** How one person stands to another, seen from the first: `asked` is "I asked them", `asking` is "they ask me". */
export type FriendState = 'friend' | 'asked' | 'asking';

/** An account as the books hold it. */
export interface HeldAccount extends Account {
  balance: number;
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
 * Decides nothing: the rules are in `register`, `transfer` and `friends`. What would break double entry is an
 * assertion here, so that no rule can get it wrong unseen.
 */
export class Books {
  readonly #byName = new Map<string, HeldAccount>();
  readonly #byId = new Map<number, HeldAccount>();
  readonly #issuer: HeldAccount;
  #lastAccountId = ISSUER_ID;
  #lastSeq: number;

  readonly #registered = new Map<HeldAccount, { readonly registeredAt: number }>();
  /** Balances as they are stored, of accounts whose balance has changed. */
  readonly #before = new Map<HeldAccount, number>();
  readonly #transfers: TransferRow[] = [];
  readonly #pairs = new Map<string, readonly [HeldAccount, HeldAccount]>();

  /** Throws `StoreError` `damaged` for books that do not add up. */
  constructor(stored: StoredBooks) {
    this.#issuer = {
      id: ISSUER_ID,
      name: ISSUER_NAME,
      key: new Uint8Array(),
      balance: stored.issuerBalance,
      friends: new Map(),
    };
    this.#byId.set(ISSUER_ID, this.#issuer);
    this.#lastSeq = stored.lastSeq;
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

  get nextAccountId(): number {
    return this.#lastAccountId + 1;
  }

  get changed(): boolean {
    return this.#registered.size + this.#transfers.length + this.#pairs.size > 0;
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
    const account = this.#hold({ id: this.nextAccountId, name, key: key.slice(), balance: 0 });
    this.#registered.set(account, { registeredAt });
    return account;
  }

  /**
   * Debits the payer and credits the payee. The payee cannot overflow: no balance but the issuer's is negative
   * and all add up to zero, so none exceeds the circulation, which `MAX_AMOUNT` bounds.
   */
  post(
    payer: HeldAccount,
    payee: HeldAccount,
    transfer: Pick<TransferRow, 'id' | 'amount' | 'memo' | 'at'>,
  ): TransferRow {
    const { id, amount, memo, at } = transfer;
    assert(
      payer !== payee && payee !== this.#issuer,
      'money moves between two accounts, never to the issuer',
    );
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
      accounts: Array.from(this.#registered, ([{ id, name, key, balance }, { registeredAt }]) => ({
        id,
        name,
        key,
        balance,
        registeredAt,
      })),
      balances: Array.from(
        this.#before,
        ([account, before]): BalanceChange => ({ account: account.id, before, after: account.balance }),
      ),
      transfers: this.#transfers.slice(),
      friendships: Array.from(this.#pairs.values(), friendshipChange),
    };
  }

  /** Tells the books that `changes()` is committed. */
  settle(): void {
    this.#registered.clear();
    this.#before.clear();
    this.#transfers.length = 0;
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
