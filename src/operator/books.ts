/**
 * The books as files: checked, copied, put back, written out. All but `restoreBooks` go on beside a running
 * server.
 */
import type { BooksReport, CopyOptions, Journal, Progress, RestoreReport } from '../ledger/index.ts';
import { booksIn, explained, requireBackup, requireBooks } from './data-folder.ts';
import { prepareDataDir } from './identity.ts';

/**
 * Audits the books in a folder as they are at one moment. Writes nothing.
 * Rejects with ServerError: `data_missing`, `data_damaged`, …
 */
export async function auditBooks(dataDir: string, onProgress?: Progress): Promise<BooksReport> {
  const books = requireBooks(dataDir);
  return explaining(() => books.audit(onProgress));
}

/** Audits the books that a backup made. Writes nothing. Rejects with ServerError. */
export async function auditBackup(file: string, onProgress?: Progress): Promise<BooksReport> {
  const backup = requireBackup(file);
  return explaining(() => backup.audit(onProgress));
}

/**
 * Copies the books in a folder, as they are at one moment, into a new file, and audits the copy. There is a
 * file only when the report says that it is in order. Rejects with ServerError: `data_missing`,
 * `file_exists`, `data_full`, …
 */
export async function backupBooks(dataDir: string, file: string, options: CopyOptions): Promise<BooksReport> {
  const books = requireBooks(dataDir);
  return explaining(() => books.backup(file, options));
}

/**
 * Makes the books that are in a backup those of a folder, which is made where there is none, unless the
 * report says that they are not in order. `now`: milliseconds since 1970. Rejects with ServerError:
 * `data_locked` while a server runs there, `file_exists`, `data_full`, …
 */
export async function restoreBooks(
  file: string,
  dataDir: string,
  options: CopyOptions,
  now: number,
): Promise<RestoreReport> {
  requireBackup(file);
  prepareDataDir(dataDir);
  return explaining(() => booksIn(dataDir).restore(file, options, now));
}

/** The transfers of the books in a folder, as they are at one moment, to be read and then closed. */
export async function openJournal(dataDir: string): Promise<Journal> {
  const books = requireBooks(dataDir);
  return explaining(() => books.journal());
}

async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error);
  }
}
