import { DatabaseSync } from 'node:sqlite';
import { AUDIT_SLICE } from '../limits.ts';
import type { Snapshot, StoredBooks, TransferRow } from '../store.ts';
import { checkChains } from './check-chains.ts';
import { storeError } from './errors.ts';
import { type Row, readBooks, TRANSFER_COLUMNS, transferRow } from './rows.ts';

/** A read transaction on a connection of its own: WAL shows it one moment, while the ledger goes on writing. */
export class SqliteSnapshot implements Snapshot {
  readonly #database: DatabaseSync;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    // On a connection opened as read-only, `integrity_check` passes over the CHECK constraints.
    this.#database = new DatabaseSync(path);
    // The moment is that of the first reading.
    this.#database.exec('PRAGMA query_only = ON; BEGIN; SELECT count(*) FROM currency');
  }

  async books(): Promise<StoredBooks> {
    try {
      return readBooks(this.#database);
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  async *transfers(): AsyncGenerator<readonly TransferRow[]> {
    try {
      let slice: TransferRow[] = [];
      const statement = this.#database.prepare(`SELECT ${TRANSFER_COLUMNS} FROM transfer ORDER BY seq`);
      for (const row of statement.iterate()) {
        slice.push(transferRow(row));
        if (slice.length === AUDIT_SLICE) {
          yield slice;
          slice = [];
        }
      }
      yield slice;
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  async check(): Promise<readonly string[]> {
    try {
      const integrity = this.#database.prepare('PRAGMA integrity_check').all();
      const references = this.#database.prepare('PRAGMA foreign_key_check').all();
      return [
        ...integrity.map(integrityProblem).filter((problem) => problem !== 'ok'),
        ...references.map(referenceProblem),
        ...checkChains(this.#database),
      ];
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

function integrityProblem(row: Row): string {
  return String(row['integrity_check']);
}

function referenceProblem(row: Row): string {
  return `row ${row['rowid']} of ${row['table']} refers to a row of ${row['parent']} that does not exist`;
}
