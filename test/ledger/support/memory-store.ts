import {
  type AccountRow,
  type Changes,
  type Currency,
  type FriendshipRow,
  ISSUER_ID,
  type OperationRow,
  type OrderKey,
  type Snapshot,
  type Store,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from './internals.ts';

/**
 * Books as a store is promised to be: a commit is there as a whole or not at all. Fast, and without files.
 */
export class MemoryStore implements Store {
  #currency: Currency | undefined;
  #issuerBalance = 0;
  readonly #accounts: AccountRow[] = [];
  readonly #operations: OperationRow[] = [];
  readonly #transfers: TransferRow[] = [];
  readonly #byOrder = new Map<string, TransferRow>();
  /** The transfers of each account. */
  readonly #byAccount = new Map<number, TransferRow[]>();
  readonly #friendships = new Map<string, FriendshipRow>();

  async close(): Promise<void> {}

  async load(): Promise<StoredBooks> {
    return {
      currency: this.#currency,
      issuerBalance: this.#issuerBalance,
      accounts: this.#accounts.map((row) => ({ ...row })),
      friendships: [...this.#friendships.values()],
      lastSeq: this.#transfers.length,
      lastOperation: this.#operations.length,
    };
  }

  async create(currency: Currency): Promise<void> {
    this.#currency = currency;
  }

  async findTransfers(orders: readonly OrderKey[]): Promise<readonly TransferRow[]> {
    const found: TransferRow[] = [];
    for (const { payer, id } of orders) {
      const row = this.#byOrder.get(orderKey(payer, id));
      if (row !== undefined) {
        found.push(row);
      }
    }
    return found;
  }

  async history(account: number, before: number | undefined, limit: number): Promise<readonly TransferRow[]> {
    const page: TransferRow[] = [];
    const own = this.#byAccount.get(account) ?? [];
    for (let at = own.length - 1; at >= 0 && page.length < limit; at--) {
      const row = own[at] as TransferRow;
      if (before === undefined || row.seq < before) {
        page.push(row);
      }
    }
    return page;
  }

  async commit(changes: Changes): Promise<void> {
    const { accounts, balances, transfers, friendships, operations, standings } = changes;
    for (const { account, before } of balances) {
      const stored = account === ISSUER_ID ? this.#issuerBalance : this.#accounts[account - 1]?.balance;
      if (stored !== before) {
        throw new StoreError('conflict', `account ${account} has ${stored}, not ${before}`);
      }
    }
    this.#accounts.push(...accounts.map((row) => ({ ...row })));
    for (const { account, after } of balances) {
      if (account === ISSUER_ID) {
        this.#issuerBalance = after;
      } else {
        this.#change(account, { balance: after });
      }
    }
    for (const { account, after } of standings) {
      this.#change(account, after);
    }
    for (const row of transfers) {
      this.#add(row);
    }
    this.#operations.push(...operations);
    for (const { one, other, row } of friendships) {
      const pair = one < other ? `${one} ${other}` : `${other} ${one}`;
      if (row === undefined) {
        this.#friendships.delete(pair);
      } else {
        this.#friendships.set(pair, row);
      }
    }
  }

  async snapshot(): Promise<Snapshot> {
    const transfers = [...this.#transfers];
    const operations = [...this.#operations];
    const counts = new Map(Array.from(this.#byAccount, ([account, own]) => [account, own.length]));
    return {
      books: () => this.load(),
      async *transfers() {
        yield transfers;
      },
      async *operations() {
        yield operations;
      },
      async *issuerTransfers() {
        yield transfers.filter(({ payer, payee }) => payer === ISSUER_ID || payee === ISSUER_ID);
      },
      transferCounts: async () => counts,
      check: async () => [],
      close: async () => {},
    };
  }

  #change(account: number, what: Partial<AccountRow>): void {
    const row = this.#accounts[account - 1];
    if (row === undefined) {
      throw new StoreError('conflict', `there is no account ${account}`);
    }
    this.#accounts[account - 1] = { ...row, ...what };
  }

  #add(row: TransferRow): void {
    this.#transfers.push(row);
    this.#byOrder.set(orderKey(row.payer, row.id), row);
    for (const account of [row.payer, row.payee]) {
      const own = this.#byAccount.get(account);
      if (own === undefined) {
        this.#byAccount.set(account, [row]);
      } else {
        own.push(row);
      }
    }
  }
}

function orderKey(payer: number, id: Uint8Array): string {
  return `${payer} ${Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1')}`;
}
