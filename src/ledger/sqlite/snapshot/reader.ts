import { existsSync, realpathSync, type Stats, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { ArchiveError } from '../../archive.ts';
import { BUSY_TIMEOUT_MS } from '../../limits.ts';
import { WITH_CONTENT } from '../format/companions.ts';
import { ledgerError } from '../format/errors.ts';
import { requireLedger } from '../format/file-checks.ts';
import { MIGRATIONS } from '../format/schema.ts';
import { type Older, requireKnownSchema } from '../format/schema-version.ts';

/**
 * One moment of a ledger, read without its lock and without writing anything, not even a new file: beside the
 * server that has it open, or while none does.
 *
 * A ledger in use has a write-ahead log beside it. SQLite then shows the moment of the first reading for as
 * long as the transaction lasts, whatever is committed meanwhile. Without that log, the file is all there is
 * and nobody writes to it; SQLite, which would make a log and an index of it, is told that the file never
 * changes. That a server might start meanwhile is what `requireUnchanged` is for.
 */
export class Reader {
  readonly database: DatabaseSync;
  readonly #path: string;
  /** Of a ledger that nobody has open: what the file was like before it was read. */
  readonly #resting: Stats | undefined;

  /**
   * @param older whether a ledger of an earlier version may be read
   * @throws ArchiveError `foreign`, `older_schema`, `newer_schema`; StoreError `damaged`, `io`
   */
  constructor(path: string, older: Older = 'refused') {
    try {
      // SQLite keeps a log beside the file itself, whatever symbolic links lead to it.
      this.#path = realpathSync(path);
      requireLedger(this.#path);
      this.#resting = isInUse(this.#path) ? undefined : statSync(this.#path);
      this.database =
        this.#resting === undefined
          ? new DatabaseSync(this.#path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
          : new DatabaseSync(restingUrl(this.#path), { readOnly: true });
    } catch (error) {
      throw ledgerError(error, path);
    }
    try {
      // The moment is that of the first reading. A malicious file must not make its own functions run.
      this.database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; BEGIN');
      requireKnownSchema(this.database, path, MIGRATIONS.length, older);
    } catch (error) {
      this.close();
      throw ledgerError(error, path);
    }
  }

  /**
   * No server may have begun to write, so that what was read would be of no one moment.
   *
   * @throws ArchiveError `changed`
   */
  requireUnchanged(): void {
    if (this.#hasChanged) {
      throw new ArchiveError(
        'changed',
        `the ledger ${this.#path} came into use while it was read: do the same again`,
      );
    }
  }

  get #hasChanged(): boolean {
    if (this.#resting === undefined) {
      return false;
    }
    const now = statSync(this.#path, { throwIfNoEntry: false });
    const { ino, size, mtimeMs } = this.#resting;
    return (
      isInUse(this.#path) ||
      now === undefined ||
      now.ino !== ino ||
      now.size !== size ||
      now.mtimeMs !== mtimeMs
    );
  }

  close(): void {
    if (this.database.isOpen) {
      this.database.close();
    }
  }
}

/**
 * A log beside the file, of either kind, is there while somebody has the ledger open, or has died with it.
 */
function isInUse(path: string): boolean {
  return WITH_CONTENT.some((suffix) => existsSync(path + suffix));
}

/**
 * Of a database that never changes, as SQLite is told: it takes no lock, and looks for no other file
 * (https://sqlite.org/uri.html).
 */
export function restingUrl(path: string): URL {
  const url = pathToFileURL(path);
  url.search = '?immutable=1';
  return url;
}
