import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { flushFolderSync } from '../../../system/files.ts';
import { BUSY_TIMEOUT_MS, MAX_START_CHECK_BYTES } from '../../limits.ts';
import { type Store, StoreError } from '../../store.ts';
import { LOG, ROLLBACK_JOURNAL, WITH_CONTENT } from '../format/companions.ts';
import { ledgerError } from '../format/errors.ts';
import { requireAccess, requireFolder, requireLedger } from '../format/file-checks.ts';
import { Lock } from '../format/lock.ts';
import { requireSoundLog } from '../format/log-check.ts';
import { APPLICATION_ID, MIGRATIONS } from '../format/schema.ts';
import { requireKnownSchema } from '../format/schema-version.ts';
import { configure, pragma, requireSettings } from '../format/settings.ts';
import { restingUrl } from '../snapshot/reader.ts';
import { settleLog } from './settle.ts';
import { SqliteStore } from './store.ts';

/**
 * Opens the ledger in the file at `path`, or creates it there, readable by its owner only. The directory must
 * exist. Beside the file stand SQLite's `-wal` and `-shm`, and `-lock`, which is empty.
 *
 * A file that is not a ledger, a damaged one, or a newer one, is left as it is.
 *
 * @param migrations the schema, other than the present one only where migration itself is tested
 * @throws StoreError `locked`, `damaged`, `full`, `io`; ArchiveError `foreign`, `newer_schema`
 */
export function openSqlite(path: string, migrations: readonly string[] = MIGRATIONS): Store {
  const opened: { close(): void }[] = [];
  try {
    const books = canonical(path);
    requireAccess(books);
    if (existsSync(books)) {
      requireLedger(books);
    }
    const lock = new Lock(books);
    opened.push({ close: () => lock.release() });
    if (existsSync(books)) {
      requireSound(books, migrations);
    } else {
      create(books, migrations);
    }
    const database = new DatabaseSync(books, { timeout: BUSY_TIMEOUT_MS });
    opened.push(database);
    configure(database);
    migrate(database, books, migrations);
    requireSettings(database, books);
    settleLog(database, books);
    return new SqliteStore(database, books, lock);
  } catch (error) {
    for (const resource of opened.reverse()) {
      resource.close();
    }
    throw ledgerError(error, path);
  }
}

/**
 * One file has one path, so that it has one lock, whatever symbolic links lead to it.
 *
 * @throws StoreError `io`
 */
export function canonical(path: string): string {
  const absolute = resolve(path);
  requireFolder(absolute);
  if (existsSync(absolute)) {
    return realpathSync(absolute);
  }
  if (lstatSync(absolute, { throwIfNoEntry: false }) !== undefined) {
    throw new StoreError(
      'io',
      `the ledger ${path} cannot be read: it is a symbolic link to nothing; mount the disk that it leads to`,
    );
  }
  return join(realpathSync(dirname(absolute)), basename(absolute));
}

/**
 * Looks for what SQLite sees of damage in a ledger that is read in less than a second: of a larger one, only
 * the audit reads everything. Reads only: closing a connection that may write would copy the write-ahead log
 * into a file that is broken.
 *
 * @throws ArchiveError `newer_schema`; StoreError `damaged`; SQLite's error
 */
function requireSound(path: string, migrations: readonly string[]): void {
  requireSoundLog(path);
  const database = openToRead(path);
  try {
    requireKnownSchema(database, path, migrations.length, 'accepted');
    if (statSync(path).size > MAX_START_CHECK_BYTES) {
      return;
    }
    const [problem] = database.prepare('PRAGMA quick_check(1)').all();
    const found = String(problem?.['quick_check']).replaceAll(/\s+/g, ' ');
    if (found !== 'ok') {
      throw new StoreError('damaged', `the ledger ${path} is damaged: ${found}`);
    }
  } finally {
    database.close();
  }
}

/**
 * Only where there is a log does SQLite need its companion files, and a journal is to be rolled back before
 * all else.
 */
function openToRead(path: string): DatabaseSync {
  if (sizeOf(path + ROLLBACK_JOURNAL) > 0) {
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  }
  if (sizeOf(path + LOG) > 0) {
    return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  }
  return new DatabaseSync(restingUrl(path), { readOnly: true });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Makes the ledger under another name and moves it into its place when it is complete: a crash on the way
 * leaves no half-made ledger, and a file at `path` is always one to be respected.
 */
function create(path: string, migrations: readonly string[]): void {
  const leftover = WITH_CONTENT.map((suffix) => path + suffix).find(existsSync);
  if (leftover !== undefined) {
    throw new StoreError('damaged', `the ledger ${path} is damaged: ${leftover} is there without it`);
  }
  const draft = `${path}-new`;
  // Whatever journal a crash has left beside it, SQLite discards for an empty file.
  rmSync(draft, { force: true });
  closeSync(openSync(draft, 'wx', 0o600));
  const database = new DatabaseSync(draft);
  try {
    database.exec(
      `PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA application_id = ${APPLICATION_ID}`,
    );
    migrate(database, draft, migrations);
  } finally {
    database.close();
  }
  renameSync(draft, path);
  flushFolderSync(dirname(path));
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
