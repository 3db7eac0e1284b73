import assert from 'node:assert/strict';
import type { SQLOutputValue } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { ArchiveError } from '../../archive.ts';
import { AUDIT_SLICE } from '../../limits.ts';
import {
  type Currency,
  ISSUER_ID,
  type Movement,
  type OperationRow,
  type Snapshot,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../../store.ts';
import { ledgerError } from '../format/errors.ts';
import {
  type AccountHead,
  CHAINED_COLUMNS,
  chainedRow,
  last,
  OPERATION_COLUMNS,
  operationRow,
  type Row,
  readBooks,
  readCurrency,
  readHeads,
  readNames,
  TRANSFER_COLUMNS,
  transferRow,
} from '../format/rows.ts';
import { requireSoundRemains } from './at-rest.ts';
import { ChainCheck } from './check-chains.ts';
import { ReferenceSchema } from './check-schema.ts';
import { Reader } from './reader.ts';

/** Which transfers to read. */
export interface TransferRange {
  /** The first `seq`. */
  readonly from: number;
  /** The last `seq`. */
  readonly to: number;
  /** Only those that this account pays or is paid. */
  readonly account?: number | undefined;
}

/** Where the books had come to when they were read. */
interface Moment {
  readonly lastSeq: number;
  readonly lastOperation: number;
  /** Of every account. */
  readonly heads: readonly AccountHead[];
}

/**
 * The books at one moment, on a connection of its own.
 *
 * Balances and whatever else changes are read at once; then the transaction ends, since the log of a ledger
 * in use grows for as long as it lasts. Transfers and operations never change, so they are read slice by
 * slice, each at a moment of its own, up to the last that there was.
 */
export class SqliteSnapshot implements Snapshot {
  readonly #reader: Reader;
  readonly #path: string;
  readonly #schema = new ReferenceSchema();
  #moment: Moment | undefined;
  /** What the transfers have shown, once all of them were read. */
  #seen: readonly string[] | undefined;

  /**
   * Of books that a server may have open, or that a crash has left.
   *
   * @throws ArchiveError `foreign`, `older_schema`, `newer_schema`; StoreError `damaged`, `io`
   */
  static async open(path: string): Promise<SqliteSnapshot> {
    await requireSoundRemains(path);
    return new SqliteSnapshot(path);
  }

  /**
   * Of the books that this process has open.
   *
   * @throws ArchiveError `foreign`, `older_schema`, `newer_schema`; StoreError `damaged`, `io`
   */
  constructor(path: string) {
    this.#path = path;
    this.#reader = new Reader(path);
  }

  async books(): Promise<StoredBooks> {
    return this.#attempt(() => {
      const { database } = this.#reader;
      const [difference] = this.#schema.compare(database);
      if (difference !== undefined) {
        throw new StoreError('damaged', `the ledger ${this.#path} is damaged: ${difference}`);
      }
      const books = readBooks(database);
      const { lastSeq, lastOperation } = books;
      this.#moment = { lastSeq, lastOperation, heads: readHeads(database) };
      this.release();
      return books;
    });
  }

  /** What the money is called; undefined in books that were never used. */
  async currency(): Promise<Currency | undefined> {
    return this.#attempt(() => readCurrency(this.#reader.database));
  }

  /** Of every account, the issuer's included, by its id. */
  async names(): Promise<ReadonlyMap<number, string>> {
    return this.#attempt(() => readNames(this.#reader.database));
  }

  /** Looks on the way at what else each row says, so that millions of them are read but once. */
  async *transfers(): AsyncGenerator<readonly Movement[]> {
    const { database } = this.#reader;
    const { lastSeq, heads } = await this.#atMoment();
    const problems: string[] = [];
    try {
      const chains = new ChainCheck(database);
      const statement = database.prepare(
        `SELECT ${CHAINED_COLUMNS}, ${this.#schema.rowIsLawful('transfer')} FROM transfer
         WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ${AUDIT_SLICE}`,
      );
      // Rows as arrays, and many at a time, cost a third of what an object at a time does.
      statement.setReturnArrays(true);
      for (let last = Number.MIN_SAFE_INTEGER; ; ) {
        const slice = (statement.all(last, lastSeq) as unknown as SQLOutputValue[][]).map(chainedRow);
        for (const row of slice) {
          if (!row.isLawful) {
            problems.push(brokenRow('transfer', row.seq));
          }
          chains.follow(row);
          last = row.seq;
        }
        yield slice;
        if (slice.length < AUDIT_SLICE) {
          break;
        }
        // Signals, and whatever else waits, have their turn.
        await setImmediate();
      }
      problems.push(...chains.finish(heads, lastSeq));
    } catch (error) {
      throw this.#explain(error);
    }
    this.#seen = problems;
  }

  /**
   * The whole rows, in the order of `seq`, in slices. Once `release` was called, each slice is read at a
   * moment of its own: of transfers that were there before, which are never changed, that makes no
   * difference.
   */
  async *rows({ from, to, account }: TransferRange): AsyncGenerator<readonly TransferRow[]> {
    const statement = this.#attempt(() =>
      this.#reader.database.prepare(
        `SELECT ${TRANSFER_COLUMNS} FROM transfer WHERE seq BETWEEN $next AND $to
         AND ($account IS NULL OR $account IN (payer, payee)) ORDER BY seq LIMIT ${AUDIT_SLICE}`,
      ),
    );
    for (let next = from; ; ) {
      const slice = this.#attempt(() => {
        const rows = statement.all({ next, to, account: account ?? null }).map(transferRow);
        this.#reader.requireUnchanged();
        return rows;
      });
      yield slice;
      if (slice.length < AUDIT_SLICE) {
        return;
      }
      next = (slice.at(-1)?.seq ?? to) + 1;
    }
  }

  /** `seq` of the last transfer, 0 when there is none. */
  async lastSeq(): Promise<number> {
    return this.#attempt(() => last(this.#reader.database, 'transfer'));
  }

  /** Lets go of the moment: the log of a ledger in use need not keep it any longer. */
  release(): void {
    const { database } = this.#reader;
    if (database.isTransaction) {
      this.#attempt(() => database.exec('COMMIT'));
    }
  }

  async *operations(): AsyncGenerator<readonly OperationRow[]> {
    const { lastOperation } = await this.#atMoment();
    const sql = `SELECT ${OPERATION_COLUMNS} FROM operation WHERE seq <= ${lastOperation} ORDER BY seq`;
    yield* this.#slices(sql, operationRow);
  }

  async *issuerTransfers(): AsyncGenerator<readonly TransferRow[]> {
    const { lastSeq } = await this.#atMoment();
    const sql = `SELECT ${TRANSFER_COLUMNS} FROM transfer
      WHERE seq <= ${lastSeq} AND ${ISSUER_ID} IN (payer, payee) ORDER BY seq`;
    yield* this.#slices(sql, transferRow);
  }

  async transferCounts(): Promise<ReadonlyMap<number, number>> {
    const { heads } = await this.#atMoment();
    return new Map(heads.map(({ account, transfers }) => [account, transfers]));
  }

  async check(): Promise<readonly string[]> {
    if (this.#seen === undefined) {
      for await (const _ of this.transfers()) {
      }
    }
    return this.#attempt(() => {
      const { database } = this.#reader;
      const problems = [
        ...(this.#seen ?? []),
        ...database
          .prepare('PRAGMA integrity_check')
          .all()
          .map(integrityProblem)
          .filter((problem) => problem !== 'ok'),
        // The transfers are looked at one by one.
        ...this.#schema.tables
          .filter((table) => table !== 'transfer')
          .flatMap((table) => [...this.#checkRows(table), ...this.#checkReferences(table)]),
      ];
      this.#reader.requireUnchanged();
      return problems;
    });
  }

  async close(): Promise<void> {
    this.#reader.close();
  }

  async #atMoment(): Promise<Moment> {
    if (this.#moment === undefined) {
      await this.books();
    }
    assert(this.#moment !== undefined, 'the books were read');
    return this.#moment;
  }

  #checkRows(table: string): string[] {
    const rows = this.#reader.database.prepare(
      `SELECT count(*) AS broken FROM ${table} WHERE NOT (${this.#schema.rowIsLawful(table)})`,
    );
    const broken = Number(rows.get()?.['broken']);
    return broken === 0 ? [] : [`CHECK constraint failed in ${table} (${broken} rows)`];
  }

  #checkReferences(table: string): string[] {
    return this.#reader.database.prepare(`PRAGMA foreign_key_check(${table})`).all().map(referenceProblem);
  }

  async *#slices<T>(sql: string, read: (row: Row) => T): AsyncGenerator<readonly T[]> {
    try {
      let slice: T[] = [];
      for (const row of this.#reader.database.prepare(sql).iterate()) {
        slice.push(read(row));
        if (slice.length === AUDIT_SLICE) {
          yield slice;
          slice = [];
        }
      }
      yield slice;
      this.#reader.requireUnchanged();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** What looks like damage may come of a server that has begun to write. */
  #explain(error: unknown): StoreError | ArchiveError {
    try {
      this.#reader.requireUnchanged();
    } catch (changed) {
      if (changed instanceof ArchiveError) {
        return changed;
      }
    }
    return ledgerError(error, this.#path);
  }
}

function brokenRow(table: string, row: number): string {
  return `CHECK constraint failed in ${table} (row ${row})`;
}

function integrityProblem(row: Row): string {
  return String(row['integrity_check']);
}

function referenceProblem(row: Row): string {
  return `row ${row['rowid']} of ${row['table']} refers to a row of ${row['parent']} that does not exist`;
}
