import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { ORDERS_PER_STATEMENT } from '../../limits.ts';
import {
  type AccountRow,
  type BalanceChange,
  type Changes,
  type Currency,
  type FriendshipChange,
  type OperationRow,
  type OrderKey,
  type Snapshot,
  type StandingChange,
  type Store,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../../store.ts';
import { isMilestone } from '../format/chain.ts';
import { isUnwritten, ledgerError, NO_PLACE_FOR_INDEX, resultCode } from '../format/errors.ts';
import type { Lock } from '../format/lock.ts';
import { damaged, readBooks, transferRow } from '../format/rows.ts';
import { SqliteSnapshot } from '../snapshot/snapshot.ts';
import { Chains, type Link } from './chains.ts';
import { writePage } from './settle.ts';
import { prepareStatements, type Statements } from './statements.ts';

/**
 * The books in one SQLite file; `openSqlite` makes it. Each call is done when it returns: the promises are
 * those of the interface. A commit is one transaction and waits for the disk once.
 */
export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #lock: Lock;
  readonly #statements: Statements;
  readonly #chains = new Chains();

  /** Takes over the connection and the lock. The schema must be the latest. */
  constructor(database: DatabaseSync, path: string, lock: Lock) {
    this.#database = database;
    this.#path = path;
    this.#lock = lock;
    this.#statements = prepareStatements(database);
  }

  async load(): Promise<StoredBooks> {
    return this.#attempt(() => {
      if (this.#database.isTransaction) {
        throw new StoreError('io', `the ledger ${this.#path} could not take back a failed transaction`);
      }
      this.#chains.load(this.#database);
      return readBooks(this.#database);
    });
  }

  async create(currency: Currency): Promise<void> {
    this.#attempt(() => this.#statements.addCurrency.run(currency.name, currency.scale));
  }

  async findTransfers(orders: readonly OrderKey[]): Promise<readonly TransferRow[]> {
    return this.#attempt(() => {
      const found: TransferRow[] = [];
      for (let start = 0; start < orders.length; start += ORDERS_PER_STATEMENT) {
        const values: (Uint8Array | number | null)[] = [];
        for (const { id, payer } of orders.slice(start, start + ORDERS_PER_STATEMENT)) {
          values.push(id, payer);
        }
        while (values.length < 2 * ORDERS_PER_STATEMENT) {
          values.push(null);
        }
        found.push(...this.#statements.findTransfers.all(...values).map(transferRow));
      }
      return found;
    });
  }

  async history(account: number, before: number | undefined, limit: number): Promise<readonly TransferRow[]> {
    return this.#attempt(() =>
      this.#statements.history
        .all({ account, before: before ?? Number.MAX_SAFE_INTEGER, limit })
        .map((row) => {
          const transfer = transferRow(row);
          return transfer.payer === account || transfer.payee === account ? transfer : damaged();
        }),
    );
  }

  async commit(changes: Changes): Promise<void> {
    this.#attempt(() => {
      this.#statements.begin.run();
      try {
        this.#write(changes);
      } catch (error) {
        this.#rollback();
        throw error;
      }
      try {
        this.#statements.commit.run();
      } catch (error) {
        this.#rollback();
        this.#bury(error);
        throw error;
      }
      this.#chains.settle();
    });
  }

  /**
   * What COMMIT has put into the log before it failed lies there still, and a crash would bring it back,
   * after it was refused. A commit that changes nothing is written in its place.
   *
   * @throws StoreError `unsettled` when it may come back all the same
   */
  #bury(error: unknown): void {
    try {
      assert(!this.#database.isTransaction, 'the failed transaction was taken back');
      writePage(this.#database);
    } catch (again) {
      // The index of the log comes after the log itself: by then the place is taken.
      if (resultCode(again) === NO_PLACE_FOR_INDEX) {
        return;
      }
      // A disk that takes nothing has not taken the last frame of a commit either, without which SQLite takes
      // none of it.
      if (isUnwritten(error) && isUnwritten(again)) {
        return;
      }
      const reasons = [error, again].map((one) => (one instanceof Error ? one.message : String(one)));
      throw new StoreError(
        'unsettled',
        `the disk has not confirmed a commit to the ledger ${this.#path} (${reasons.join('; then ')}): whether it was made ` +
          'is seen when the ledger is opened again',
        { cause: error },
      );
    }
  }

  async snapshot(): Promise<Snapshot> {
    return this.#attempt(() => new SqliteSnapshot(this.#path));
  }

  async close(): Promise<void> {
    this.#attempt(() => {
      try {
        this.#database.close();
      } finally {
        this.#lock.release();
      }
    });
  }

  #write(changes: Changes): void {
    // First of all, because the accounts are written with what is the newest transfer of each.
    const linked = changes.transfers.map((transfer) => ({
      transfer,
      payer: this.#chains.append(transfer.payer, transfer.seq),
      payee: this.#chains.append(transfer.payee, transfer.seq),
    }));
    for (const account of changes.accounts) {
      this.#addAccount(account);
    }
    for (const change of changes.standings) {
      this.#setStanding(change);
    }
    for (const change of changes.balances) {
      this.#setBalance(change);
    }
    for (const { transfer, payer, payee } of linked) {
      this.#addTransfer(transfer, payer, payee);
    }
    for (const operation of changes.operations) {
      this.#addOperation(operation);
    }
    for (const change of changes.friendships) {
      this.#setFriendship(change);
    }
  }

  #addAccount({ id, name, key, balance, frozen, registeredAt }: AccountRow): void {
    const { lastSeq, transfers } = this.#chains.head(id);
    const { addAccount } = this.#statements;
    addAccount.run(id, name, key, balance, frozen ? 1 : 0, registeredAt, lastSeq, transfers);
  }

  #addOperation({ seq, at, kind, account, reason, transfer, oldKey, newKey }: OperationRow): void {
    this.#statements.addOperation.run(seq, at, kind, account, reason, transfer, oldKey, newKey);
  }

  #setStanding({ account, before, after }: StandingChange): void {
    const { setStanding } = this.#statements;
    const { changes } = setStanding.run(
      after.key,
      after.frozen ? 1 : 0,
      account,
      before.key,
      before.frozen ? 1 : 0,
    );
    if (changes !== 1) {
      throw new StoreError(
        'conflict',
        `the ledger ${this.#path} was changed by another program: account ${account} has another key or standing`,
      );
    }
  }

  #setBalance({ account, before, after }: BalanceChange): void {
    const { lastSeq, transfers } = this.#chains.head(account);
    const { changes } = this.#statements.setBalance.run(after, lastSeq, transfers, account, before);
    if (changes !== 1) {
      throw new StoreError(
        'conflict',
        `the ledger ${this.#path} was changed by another program: account ${account} no longer has ${before}`,
      );
    }
  }

  #addTransfer({ seq, id, payer, payee, amount, memo, at }: TransferRow, ofPayer: Link, ofPayee: Link): void {
    const { addTransfer, addMilestone } = this.#statements;
    addTransfer.run(seq, id, payer, payee, amount, memo, at, ofPayer.previous, ofPayee.previous);
    if (isMilestone(ofPayer.number)) {
      addMilestone.run(payer, seq);
    }
    if (isMilestone(ofPayee.number)) {
      addMilestone.run(payee, seq);
    }
  }

  #setFriendship({ one, other, row }: FriendshipChange): void {
    const { deleteFriendship, addFriendship } = this.#statements;
    deleteFriendship.run(one, other);
    deleteFriendship.run(other, one);
    if (row !== undefined) {
      addFriendship.run(row.asker, row.asked, row.accepted ? 1 : 0);
    }
  }

  /** SQLite has taken some failures back by itself already. */
  #rollback(): void {
    this.#chains.revert();
    if (this.#database.isTransaction) {
      try {
        this.#statements.rollback.run();
      } catch {
        // The failure that led here says more; `load` sees that the transaction is still open.
      }
    }
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw ledgerError(error, this.#path);
    }
  }
}
