import type { Archive } from '../archive.ts';
import { auditFile } from './files/audit.ts';
import { backupFile } from './files/backup.ts';
import { SqliteJournal } from './files/journal.ts';
import { restoreFile } from './files/restore.ts';
import { openSqlite } from './live/open.ts';
import { readSnapshot } from './snapshot/read.ts';

/** The books in the SQLite file at `path`. Nothing is looked at, or made, before a method is called. */
export function sqliteArchive(path: string): Archive {
  return {
    open: async () => openSqlite(path),
    read: (work) => readSnapshot(path, work),
    audit: (onProgress) => auditFile(path, onProgress),
    journal: () => SqliteJournal.open(path),
    backup: (to, options) => backupFile(path, to, options),
    restore: (from, options, now) => restoreFile(from, path, options, now),
  };
}
