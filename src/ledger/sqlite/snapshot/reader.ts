import { existsSync, realpathSync, type Stats, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { BUSY_TIMEOUT_MS } from '../../limits.ts';
import { StoreError } from '../../store.ts';
import { storeError } from '../format/errors.ts';
import { requireLedger } from '../format/file-checks.ts';
import { MIGRATIONS } from '../format/schema.ts';

/**
 * One moment of a ledger, read without its lock and without writing anything, not even a new file: beside the server
 * that has it open, or while none does.
 *
 * A ledger in use has a write-ahead log beside it. SQLite then shows the moment of the first reading for as long as
 * the transaction lasts, whatever is committed meanwhile. Without that log, the file is all there is and nobody writes
 * to it; SQLite, which would make a log and an index of it, is told that the file never changes. That a server might
 * start meanwhile is what `requireUnchanged` is for.
 */
export class Reader {
  readonly database: DatabaseSync;
  readonly #path: string;
  /** Of a ledger that nobody has open: what the file was like before it was read. */
  readonly #resting: Stats | undefined;

  /** Throws `StoreError`: `foreign`, `older_schema`, `newer_schema`, `damaged`, `io`. */
  constructor(path: string, schema: 'present schema' | 'any schema' = 'present schema') {
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
      throw storeError(error, path);
    }
    try {
      // The moment is that of the first reading. A malicious file must not make its own functions run.
      this.database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; BEGIN');
      requireKnownSchema(this.database, path, schema === 'any schema');
    } catch (error) {
      this.close();
      throw storeError(error, path);
    }
  }

  /** Throws `changed` when a server has begun to write, so that what was read may be of no one moment. */
  requireUnchanged(): void {
    if (this.#hasChanged) {
      throw new StoreError(
        'changed',
        `the ledger ${this.#path} came into use while it was read: do the same again`,
      );
    }
  }

  get #hasChanged(): boolean {
    if (this.#resting === undefined) return false;
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
    if (this.database.isOpen) this.database.close();
  }
}

/** A log beside the file, of either kind that SQLite makes: what is in it belongs to the ledger. */
function isInUse(path: string): boolean {
  return existsSync(`${path}-wal`) || existsSync(`${path}-journal`);
}

/** https://sqlite.org/uri.html: no lock is taken, and no other file is looked for. */
function restingUrl(path: string): URL {
  const url = pathToFileURL(path);
  url.search = '?immutable=1';
  return url;
}

/** What is only read cannot be brought up to date first. */
function requireKnownSchema(database: DatabaseSync, path: string, mayBeOlder: boolean): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version === MIGRATIONS.length || (mayBeOlder && version < MIGRATIONS.length)) return;
  const isNewer = version > MIGRATIONS.length;
  throw new StoreError(
    isNewer ? 'newer_schema' : 'older_schema',
    `the ledger ${path} was written by ${isNewer ? 'a later' : 'an earlier'} version of this program ` +
      `(schema ${version}, known ${MIGRATIONS.length})`,
  );
}
