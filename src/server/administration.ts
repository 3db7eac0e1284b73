/** What the operator's commands do: by the server that uses the books, or on the books themselves where none does. */
import { existsSync } from 'node:fs';
import { Ledger, type Operation, openSqlite, SqliteSnapshot, StoreError } from '../ledger/index.ts';
import { booksError, ledgerPath } from './books.ts';
import {
  type ControlAnswers,
  type ControlRequest,
  encodeControl,
  readControlAnswer,
  type ServerStatus,
} from './control.ts';
import { askControl, controlPath } from './control-socket.ts';
import { ServerError } from './errors.ts';
import {
  type AccountReport,
  accountReport,
  type OperationOutcome,
  operateOn,
  ordersOf,
} from './operations.ts';

/** An account in the list of all. */
export interface ListedAccount extends AccountReport {
  readonly transfers: number;
}

/**
 * The operator at one data folder. Every method rejects with ServerError: `data_missing`, `data_locked`, `bad_data_dir`,
 * `no_answer`, …
 */
export class Administration {
  readonly #dataDir: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** How the server is doing that uses the folder. Rejects with ServerError `not_running` when none does. */
  async status(): Promise<ServerStatus> {
    const status = await this.#ask('status', { do: 'status' });
    if (status !== undefined) return status;
    this.#requireBooks();
    throw new ServerError('not_running', `no server uses ${this.#dataDir}`);
  }

  /** An account, if there is one of that name. */
  async account(name: string): Promise<AccountReport | undefined> {
    const account = await this.#ask('account', { do: 'account', name });
    if (account !== undefined) return account ?? undefined;
    return this.#withBooks(async (ledger) => accountReport(ledger, name, false));
  }

  /**
   * Carries out an operation, and has it on disk. Where the server goes away before it answers, it is asked for again,
   * which changes nothing a second time.
   *
   * @param now milliseconds since 1970, for books that no server uses
   */
  async operate(operation: Operation, now: number): Promise<OperationOutcome> {
    try {
      return await this.#operate(operation, now);
    } catch (error) {
      if (!(error instanceof ServerError && error.code === 'no_answer')) throw error;
      return this.#operateAgain(operation, now, error);
    }
  }

  /** Every account, in the order of registration. */
  async accounts(): Promise<readonly ListedAccount[]> {
    const online = new Set(await this.#ask('online', { do: 'online' }));
    const snapshot = await this.#snapshot();
    try {
      const { accounts, currency } = await snapshot.books();
      const transfers = await snapshot.transferCounts();
      return accounts.map(({ id, name, balance, frozen, key, registeredAt }) => ({
        name,
        balance,
        currency: currency ?? { name: '', scale: 0 },
        frozen,
        key: Buffer.from(key).toString('hex'),
        registeredAt,
        online: online.has(name),
        transfers: transfers.get(id) ?? 0,
      }));
    } catch (error) {
      throw explained(error);
    } finally {
      await snapshot.close();
    }
  }

  async #operate(operation: Operation, now: number): Promise<OperationOutcome> {
    const outcome = await this.#ask('operate', { do: 'operate', operation });
    return outcome ?? this.#withBooks((ledger) => operateAlone(ledger, operation, now));
  }

  async #operateAgain(operation: Operation, now: number, unanswered: ServerError): Promise<OperationOutcome> {
    let outcome: OperationOutcome;
    try {
      outcome = await this.#operate(operation, now);
    } catch (error) {
      // A server that is about to end has the books still.
      throw error instanceof ServerError && error.code === 'data_locked' ? unanswered : error;
    }
    if (outcome.status !== DONE_BEFORE[operation.kind]) return outcome;
    const account = await this.account(operation.name);
    return account === undefined ? outcome : { status: 'exists', account, transfer: null };
  }

  async #ask<D extends keyof ControlAnswers>(
    _what: D,
    request: Extract<ControlRequest, { readonly do: D | 'status' | 'online' }>,
  ): Promise<ControlAnswers[D] | undefined> {
    const answer = await askControl(this.#dataDir, encodeControl(request));
    return answer === undefined ? undefined : readControlAnswer<D>(answer);
  }

  async #snapshot(): Promise<SqliteSnapshot> {
    this.#requireBooks();
    const path = ledgerPath(this.#dataDir);
    try {
      return new SqliteSnapshot(path);
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'older_schema')) throw explained(error);
    }
    // Opening the books brings them up to date.
    await this.#withBooks(async () => undefined);
    try {
      return new SqliteSnapshot(path);
    } catch (error) {
      throw explained(error);
    }
  }

  /** Works on the books under their lock, which no server has. */
  async #withBooks<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
    this.#requireBooks();
    try {
      const store = openSqlite(ledgerPath(this.#dataDir));
      try {
        return await work(await Ledger.open(store));
      } finally {
        await store.close();
      }
    } catch (error) {
      if (error instanceof StoreError && error.code === 'locked') throw this.#lockedError();
      throw explained(error);
    }
  }

  #requireBooks(): void {
    if (existsSync(ledgerPath(this.#dataDir))) return;
    throw new ServerError('data_missing', `there are no books in ${this.#dataDir}`);
  }

  #lockedError(): ServerError {
    return new ServerError(
      'data_locked',
      `the books in ${this.#dataDir} are in use, and nobody answers on ${controlPath(this.#dataDir)}: ` +
        'if a server uses them, see what it warned of when it started',
    );
  }
}

/** What an operation comes to that was carried out a moment before. */
const DONE_BEFORE: Readonly<Record<Operation['kind'], OperationOutcome['status'] | undefined>> = {
  freeze: 'already_frozen',
  unfreeze: 'not_frozen',
  rekey: 'same_key',
  issue: undefined,
  redeem: undefined,
};

async function operateAlone(ledger: Ledger, operation: Operation, now: number): Promise<OperationOutcome> {
  try {
    await ledger.prefetch(ordersOf([operation]));
    const outcome = operateOn(ledger, operation, now, () => false);
    await ledger.commit();
    return outcome;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { status: 'failed', text: error.message };
  }
}

function explained(error: unknown): unknown {
  return error instanceof StoreError ? booksError(error.code, error.message) : error;
}
