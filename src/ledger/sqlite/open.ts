import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BUSY_TIMEOUT_MS, CHECKPOINT_PAGES, MAX_IDLE_WAL_BYTES, PAGE_CACHE_KIB } from '../limits.ts';
import { type Store, StoreError } from '../store.ts';
import { storeError } from './errors.ts';
import { Lock } from './lock.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';
import { SqliteStore } from './store.ts';

/** `PRAGMA synchronous` when it is FULL. */
const SYNCHRONOUS_FULL = 2;

/** Offset and length in bytes of what the header of a database file says (https://sqlite.org/fileformat.html 1.3). */
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const APPLICATION_ID_OFFSET = 68;

/**
 * Opens the ledger in the file at `path`, or creates it there, readable by its owner only. The directory must
 * exist. Beside the file stand SQLite's `-wal` and `-shm`, and `-lock`, which is empty.
 *
 * A file that is not a ledger, or a newer one, is left as it is.
 *
 * Throws `StoreError`: `locked`, `foreign`, `newer_schema`, `damaged`, `full`, `io`.
 *
 * @param migrations the schema, other than the present one only where migration itself is tested
 */
export function openSqlite(path: string, migrations: readonly string[] = MIGRATIONS): Store {
  const opened: { close(): void }[] = [];
  try {
    const books = canonical(path);
    const lock = new Lock(books);
    opened.push({ close: () => lock.release() });
    if (existsSync(books)) {
      requireLedger(books);
    } else {
      create(books, migrations);
    }
    const database = new DatabaseSync(books, { timeout: BUSY_TIMEOUT_MS });
    opened.push(database);
    requireKnownSchema(database, books, migrations);
    configure(database);
    migrate(database, books, migrations);
    requireSettings(database, books);
    return new SqliteStore(database, books, lock);
  } catch (error) {
    for (const resource of opened.reverse()) {
      resource.close();
    }
    throw storeError(error, path);
  }
}

/** One file has one path, so that it has one lock, whatever symbolic links lead to it. */
function canonical(path: string): string {
  const absolute = resolve(path);
  return existsSync(absolute)
    ? realpathSync(absolute)
    : join(realpathSync(dirname(absolute)), basename(absolute));
}

/**
 * Throws `foreign` or `damaged` unless the file's header says that it is a ledger. The header is read without
 * SQLite, which could change a database by opening it.
 */
function requireLedger(path: string): void {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  let length: number;
  try {
    length = readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  if (length === 0) {
    throw new StoreError('damaged', `the ledger ${path} is damaged: the file is empty`);
  }
  if (length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new StoreError('foreign', `the file ${path} is not a ledger: it is not a SQLite database`);
  }
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    throw new StoreError('foreign', `the file ${path} is not a ledger: it is another program's database`);
  }
}

/**
 * Makes the ledger under another name and moves it into its place when it is complete: a crash on the way leaves
 * no half-made ledger, and a file at `path` is always one to be respected.
 */
function create(path: string, migrations: readonly string[]): void {
  for (const leftover of [`${path}-wal`, `${path}-journal`]) {
    // SQLite would take it for a part of the new file.
    if (existsSync(leftover)) {
      throw new StoreError('damaged', `the ledger ${path} is damaged: ${leftover} is there without it`);
    }
  }
  const draft = `${path}-new`;
  // Whatever journal a crash has left beside it, SQLite discards for an empty file.
  rmSync(draft, { force: true });
  closeSync(openSync(draft, 'wx', 0o600));
  const database = new DatabaseSync(draft);
  try {
    database.exec(`PRAGMA synchronous = FULL; PRAGMA application_id = ${APPLICATION_ID}`);
    migrate(database, draft, migrations);
  } finally {
    database.close();
  }
  renameSync(draft, path);
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Comes before anything that could change the file. */
function requireKnownSchema(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  const version = pragma(database, 'user_version');
  if (version > migrations.length) {
    throw new StoreError(
      'newer_schema',
      `the ledger ${path} was written by a later version of this program (schema ${version}, known ${migrations.length})`,
    );
  }
}

/** Brings the schema to its latest version, one transaction for each step. */
function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  const version = pragma(database, 'user_version');
  // A step may have to rebuild a table that others refer to (https://sqlite.org/lang_altertable.html 7).
  database.exec('PRAGMA foreign_keys = OFF');
  for (const [step, statements] of migrations.entries()) {
    if (step >= version) {
      migrateStep(database, path, statements, step + 1);
    }
  }
  database.exec('PRAGMA foreign_keys = ON');
}

/** When this throws, closing the connection takes the step back. */
function migrateStep(database: DatabaseSync, path: string, statements: string, version: number): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(statements);
  if (database.prepare('PRAGMA foreign_key_check').all().length > 0) {
    throw new StoreError('damaged', `the ledger ${path} is damaged: rows refer to rows that do not exist`);
  }
  database.exec(`PRAGMA user_version = ${version}; COMMIT`);
}

/** FULL waits for the disk at each commit, and on macOS `fullfsync` makes the disk wait for its medium. */
function configure(database: DatabaseSync): void {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA journal_size_limit = ${MAX_IDLE_WAL_BYTES};
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA cache_size = -${PAGE_CACHE_KIB};
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
  `);
}

/** What an answer promises depends on these settings, and SQLite does not say when it cannot have one. */
function requireSettings(database: DatabaseSync, path: string): void {
  const journalMode = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  if (
    journalMode !== 'wal' ||
    pragma(database, 'synchronous') !== SYNCHRONOUS_FULL ||
    pragma(database, 'foreign_keys') !== 1
  ) {
    throw new StoreError('io', `the ledger ${path} cannot be written durably on this file system`);
  }
}

function pragma(database: DatabaseSync, name: string): number {
  const value = database.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === 'number' ? value : Number.NaN;
}
