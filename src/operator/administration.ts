/**
 * What the operator's commands do: by the server that uses the books, or on the books themselves where none
 * does.
 */
import assert from 'node:assert/strict';
import { type AccountReport, Hub, type OperationOutcome } from '../hub/index.ts';
import { ArchiveError, Ledger, type Operation, type Snapshot, StoreError } from '../ledger/index.ts';
import {
  type ControlAnswers,
  type ControlRequest,
  encodeControl,
  readControlAnswer,
  type ServerStatus,
} from './control.ts';
import { askControl, controlPath } from './control-socket.ts';
import { explained, requireBooks } from './data-folder.ts';
import { ServerError } from './errors.ts';

/** An account in the list of all. */
export interface ListedAccount extends AccountReport {
  readonly transfers: number;
}

/**
 * The operator at one data folder. Every method throws ServerError `bad_data_dir` and those that begin with
 * `data_`, and `not_answering` when a server says nothing, or nothing that is understood; but of that see
 * {@link operate}.
 */
export class Administration {
  readonly #dataDir: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** How the server is doing that uses the folder. @throws ServerError `not_running` when none does */
  async status(): Promise<ServerStatus> {
    const status = await this.#look({ do: 'status' });
    if (status !== undefined) {
      return status;
    }
    requireBooks(this.#dataDir);
    throw new ServerError('not_running', `no server uses ${this.#dataDir}`);
  }

  /** An account, if there is one of that name. */
  async account(name: string): Promise<AccountReport | undefined> {
    const account = await this.#look({ do: 'account', name });
    if (account !== undefined) {
      return account ?? undefined;
    }
    return this.#withBooks(async (hub) => hub.account(name));
  }

  /**
   * Carries out an operation, and has it on disk. Where the server goes away before it answers, it is asked
   * for again, which changes nothing a second time.
   *
   * @param now milliseconds since 1970, for books that no server uses
   * @throws ServerError `no_answer` when asking again does not tell what came of it
   */
  async operate(operation: Operation, now: number): Promise<OperationOutcome> {
    try {
      return await this.#operate(operation, now);
    } catch (error) {
      if (!(error instanceof ServerError && error.code === 'no_answer')) {
        throw error;
      }
      return this.#operateAgain(operation, now, error);
    }
  }

  /** Every account, in the order of registration. */
  async accounts(): Promise<readonly ListedAccount[]> {
    const online = new Set(await this.#look({ do: 'online' }));
    try {
      return await this.#read((snapshot) => listAccounts(snapshot, online));
    } catch (error) {
      throw explained(error);
    }
  }

  async #read<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const books = requireBooks(this.#dataDir);
    try {
      return await books.read(work);
    } catch (error) {
      if (!(error instanceof ArchiveError && error.code === 'older_schema')) {
        throw error;
      }
    }
    // Opening the books brings them up to date.
    await this.#withBooks(async () => undefined);
    return books.read(work);
  }

  async #operate(operation: Operation, now: number): Promise<OperationOutcome> {
    const outcome = await this.#ask({ do: 'operate', operation });
    return outcome ?? this.#withBooks((hub) => operateAlone(hub, operation, now));
  }

  async #operateAgain(operation: Operation, now: number, unanswered: ServerError): Promise<OperationOutcome> {
    try {
      const outcome = await this.#operate(operation, now);
      if (outcome.status === 'failed') {
        throw new ServerError('data_io', outcome.text);
      }
      if (outcome.status !== DONE_BEFORE[operation.kind]) {
        return outcome;
      }
      const account = await this.account(operation.name);
      return account === undefined ? outcome : { status: 'exists', account, transfer: null };
    } catch (cause) {
      // Whatever keeps it from being asked again, it may have been done the first time: a server that is
      // about to end has the books still, a disk may be full by now.
      throw new ServerError('no_answer', unanswered.message, { cause });
    }
  }

  /**
   * Asks for what changes nothing: of a server that goes away, nothing is left unknown but how it is doing.
   */
  async #look<R extends ControlRequest>(request: R): Promise<ControlAnswers[R['do']] | undefined> {
    try {
      return await this.#ask(request);
    } catch (error) {
      if (!(error instanceof ServerError && error.code === 'no_answer')) {
        throw error;
      }
      throw new ServerError('not_answering', error.message, { cause: error });
    }
  }

  async #ask<R extends ControlRequest>(request: R): Promise<ControlAnswers[R['do']] | undefined> {
    const answer = await askControl(this.#dataDir, encodeControl(request));
    return answer === undefined ? undefined : readControlAnswer<R['do']>(answer);
  }

  /** Works on the books under their lock, which no server has, by a hub that nobody is connected to. */
  async #withBooks<T>(work: (hub: Hub) => Promise<T>): Promise<T> {
    const books = requireBooks(this.#dataDir);
    try {
      const store = await books.open();
      try {
        const ledger = await Ledger.open(store);
        return await work(new Hub({ ledger, gateways: 0, noRates: true, events: false }));
      } finally {
        await store.close();
      }
    } catch (error) {
      if (error instanceof StoreError && error.code === 'locked') {
        throw this.#lockedError();
      }
      throw explained(error);
    }
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

async function listAccounts(
  snapshot: Snapshot,
  online: ReadonlySet<string>,
): Promise<readonly ListedAccount[]> {
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
}

async function operateAlone(hub: Hub, operation: Operation, now: number): Promise<OperationOutcome> {
  const { operated } = await hub.execute([{ type: 'operate', ticket: 1, operation }], now);
  const [done] = operated;
  assert(done !== undefined, 'an operation has an outcome');
  return done.outcome;
}
