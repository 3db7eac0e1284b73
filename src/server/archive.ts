/** The books as files: checked, copied, put back, written out. All but `restoreBooks` go on beside a running server. */
import { existsSync } from 'node:fs';
import {
  auditFile,
  backupSqlite,
  type CopyOptions,
  type FileReport,
  Journal,
  type Progress,
  type RestoreReport,
  restoreSqlite,
  StoreError,
} from '../ledger/index.ts';
import { booksError, ledgerPath } from './books.ts';
import { ServerError } from './errors.ts';
import { prepareDataDir } from './identity.ts';

/**
 * Audits the books in a folder as they are at one moment. Writes nothing.
 * Rejects with ServerError: `data_missing`, `data_damaged`, …
 */
export function auditBooks(dataDir: string, onProgress?: Progress): Promise<FileReport> {
  const path = requireBooks(dataDir);
  return explained(() => auditFile(path, onProgress));
}

/** Audits the books that a backup made. Writes nothing. Rejects with ServerError. */
export function auditBackup(file: string, onProgress?: Progress): Promise<FileReport> {
  return explained(() => auditFile(requireFile(file), onProgress));
}

/**
 * Copies the books in a folder, as they are at one moment, into a new file, and audits the copy. There is a file only
 * when the report says that it is in order.
 * Rejects with ServerError: `data_missing`, `file_exists`, `data_full`, …
 */
export function backupBooks(dataDir: string, file: string, options: CopyOptions): Promise<FileReport> {
  const path = requireBooks(dataDir);
  return explained(() => backupSqlite(path, file, options));
}

/**
 * Makes the books that are in a backup those of a folder, which is made where there is none, unless the report says that
 * they are not in order. `now`: milliseconds since 1970.
 * Rejects with ServerError: `data_locked` while a server runs there, `file_exists`, `data_full`, …
 */
export function restoreBooks(
  file: string,
  dataDir: string,
  options: CopyOptions,
  now: number,
): Promise<RestoreReport> {
  requireFile(file);
  prepareDataDir(dataDir);
  return explained(() => restoreSqlite(file, ledgerPath(dataDir), options, now));
}

/** The transfers of the books in a folder, as they are at one moment, to be read and then closed. */
export async function openJournal(dataDir: string): Promise<Journal> {
  const path = requireBooks(dataDir);
  return explained(() => Journal.open(path));
}

/** What reading a journal throws, as an error of the server. */
export function journalError(error: unknown): unknown {
  return error instanceof StoreError ? booksError(error.code, error.message) : error;
}

function requireBooks(dataDir: string): string {
  const path = ledgerPath(dataDir);
  if (!existsSync(path)) throw new ServerError('data_missing', `there are no books in ${dataDir}`);
  return path;
}

function requireFile(file: string): string {
  if (!existsSync(file)) throw new ServerError('data_missing', `there is no file ${file}`);
  return file;
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw journalError(error);
  }
}
