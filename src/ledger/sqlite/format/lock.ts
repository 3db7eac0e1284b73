import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LOCK } from './companions.ts';

/**
 * Keeps every other process, and every other use in this one, from opening the same books.
 *
 * The lock is SQLite's own exclusive lock on an empty database beside the books, `<books>-lock`, held for as
 * long as the books are open. The operating system drops it when the process dies, so no stale lock can stay
 * behind; and since it is not on the books themselves, an operator may read those at any time.
 *
 * The file is only ever touched through SQLite: closing it by any other way would drop the lock, because
 * POSIX drops all locks of a process on a file when the process closes any descriptor of it.
 */
export class Lock {
  readonly #database: DatabaseSync;

  /** @throws SQLite's error, BUSY when the lock is held */
  constructor(books: string) {
    const path = books + LOCK;
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      // Nothing is ever written, so there is nothing that a journal on disk could be for.
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      chmodSync(path, 0o600);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
  }

  release(): void {
    this.#database.close();
  }
}
