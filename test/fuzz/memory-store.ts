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
} from '../../src/ledger/store.ts';

/** Books in memory, which fail when they are told to: nothing of such a commit is kept. */
export class MemoryStore implements Store {
  /** Whether the next commit fails. */
  fails = false;
  #currency: Currency | undefined;
  readonly #balances = new Map<number, number>([[ISSUER_ID, 0]]);
  readonly #accounts: AccountRow[] = [];
  readonly #transfers: TransferRow[] = [];
  readonly #operations: OperationRow[] = [];
  readonly #friendships = new Map<string, FriendshipRow>();

  async load(): Promise<StoredBooks> {
    return {
      currency: this.#currency,
      issuerBalance: this.#balances.get(ISSUER_ID) ?? 0,
      accounts: this.#accounts.map((row) => ({ ...row, balance: this.#balances.get(row.id) ?? 0 })),
      friendships: [...this.#friendships.values()],
      lastSeq: this.#transfers.length,
      lastOperation: this.#operations.length,
    };
  }

  async create(currency: Currency): Promise<void> {
    this.#currency = currency;
  }

  async findTransfers(orders: readonly OrderKey[]): Promise<readonly TransferRow[]> {
    return this.#transfers.filter((row) =>
      orders.some(({ payer, id }) => row.payer === payer && Buffer.from(row.id).equals(id)),
    );
  }

  async history(account: number, before: number | undefined, limit: number): Promise<readonly TransferRow[]> {
    return this.#transfers
      .filter(
        ({ seq, payer, payee }) => (payer === account || payee === account) && seq < (before ?? Infinity),
      )
      .reverse()
      .slice(0, limit);
  }

  async commit(changes: Changes): Promise<void> {
    if (this.fails) {
      this.fails = false;
      throw new StoreError('full', 'no space is left');
    }
    for (const { account, before } of changes.balances) {
      if (this.#balances.get(account) !== before)
        throw new StoreError('conflict', 'another balance is stored');
    }
    for (const { account, after } of changes.balances) this.#balances.set(account, after);
    for (const row of changes.accounts) {
      this.#accounts.push(row);
      this.#balances.set(row.id, row.balance);
    }
    this.#transfers.push(...changes.transfers);
    this.#operations.push(...changes.operations);
    for (const { account, after } of changes.standings) {
      const index = this.#accounts.findIndex(({ id }) => id === account);
      const row = this.#accounts[index];
      if (row !== undefined) this.#accounts[index] = { ...row, ...after };
    }
    for (const { one, other, row } of changes.friendships) {
      const pair = [one, other].sort((a, b) => a - b).join();
      if (row === undefined) this.#friendships.delete(pair);
      else this.#friendships.set(pair, row);
    }
  }

  async snapshot(): Promise<Snapshot> {
    const transfers = [...this.#transfers];
    const operations = [...this.#operations];
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
      transferCounts: async () => new Map(),
      check: async () => [],
      close: async () => {},
    };
  }

  async close(): Promise<void> {}
}
