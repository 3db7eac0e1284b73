import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Archive,
  ArchiveError,
  type ArchiveErrorCode,
  StoreError,
  type StoreErrorCode,
  sqliteArchive,
} from '../ledger/index.ts';
import { systemCode } from '../system/errors.ts';
import { ServerError, type ServerErrorCode } from './errors.ts';
import { KEY_FILE, loadServerKey } from './identity.ts';

/** What is wrong with the books, or with what is there instead of them. */
type BooksErrorCode = StoreErrorCode | ArchiveErrorCode;

const CODES = {
  locked: 'data_locked',
  unsettled: 'no_answer',
  other_currency: 'data_other_currency',
  damaged: 'data_damaged',
  conflict: 'data_io',
  full: 'data_full',
  io: 'data_io',
  foreign: 'data_foreign',
  older_schema: 'data_older',
  newer_schema: 'data_newer',
  changed: 'data_changed',
  exists: 'file_exists',
} as const satisfies Record<BooksErrorCode, ServerErrorCode>;

/** What an operator can do about it, where the text itself does not say. */
const ADVICE: Partial<Readonly<Record<BooksErrorCode, string>>> = {
  locked: 'stop that program first, or name another folder',
  older_schema: 'start the server on it once, or restore it into a new folder, which brings it up to date',
  newer_schema: 'use that version again, or a later one',
  foreign: 'it was left as it is; name another folder, or move it away',
  damaged: 'it was left as it is; restore a backup with farthing-server restore FILE',
  exists: 'with --force it is replaced',
  full: 'make room on its disk, then start again',
};

/** The ledger's file inside the data folder. */
export function ledgerPath(dataDir: string): string {
  return join(dataDir, 'ledger.db');
}

/**
 * A folder that has a key had books as well: without them its members would start from nothing, unnoticed. At
 * an honest first start there is neither. Throws ServerError `data_missing`; `bad_key_file` for what is no
 * key.
 */
export function requireNoneLost(dataDir: string): void {
  const path = ledgerPath(dataDir);
  if (existsSync(path) || !existsSync(join(dataDir, KEY_FILE))) {
    return;
  }
  loadServerKey(dataDir, true);
  throw new ServerError(
    'data_missing',
    `${path} is missing, but the server's key is there, so there were books beside it: restore them with ` +
      'farthing-server restore FILE, or mount their disk. To begin with empty books under the same key, start once with --new-books',
  );
}

/** The books of a folder, which may have none yet. */
export function booksIn(dataDir: string): Archive {
  return sqliteArchive(ledgerPath(dataDir));
}

/**
 * The books of a folder that has some. Throws ServerError `data_missing`; `bad_data_dir` where they cannot be
 * looked for.
 */
export function requireBooks(dataDir: string): Archive {
  if (isThere(ledgerPath(dataDir))) {
    return booksIn(dataDir);
  }
  throw new ServerError('data_missing', `there are no books in ${dataDir}`);
}

/** The books in a backup's file, which may be looked for in vain. Throws ServerError `data_missing`. */
export function requireBackup(file: string): Archive {
  try {
    statSync(file);
    return sqliteArchive(file);
  } catch (cause) {
    const code = systemCode(cause);
    const text =
      code === 'ENOENT' ? `there is no file ${file}` : `cannot reach ${file} (${code ?? 'unknown error'})`;
    throw new ServerError('data_missing', text, { cause });
  }
}

/** What nobody may look for is not taken for missing. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    throw new ServerError('bad_data_dir', `cannot reach ${path}: ${whyUnreachable(cause)}`, { cause });
  }
}

/** What a system error on the way to a file means to its operator. */
export function whyUnreachable(error: unknown): string {
  const code = systemCode(error) ?? 'unknown error';
  return code === 'EACCES' || code === 'EPERM'
    ? `this user may not (${code}); run it as the user who runs the server`
    : code;
}

/** What the ledger throws, as an error of the server; anything else as it is. */
export function explained(error: unknown): unknown {
  const isOfLedger = error instanceof StoreError || error instanceof ArchiveError;
  return isOfLedger ? booksError(error.code, error.message) : error;
}

/** Why the books cannot be opened, as an error of the server. */
export function booksError(code: BooksErrorCode, text: string): ServerError {
  const advice = ADVICE[code];
  return new ServerError(CODES[code], advice === undefined ? text : `${text}: ${advice}`);
}
