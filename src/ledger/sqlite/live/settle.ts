/** What makes a log certain that nobody knows to be on the disk. */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { LOG } from '../format/companions.ts';
import { pragma } from '../format/settings.ts';

/**
 * Commits a page and nothing new: setting the version, be it to what it is, writes one.
 *
 * @throws SQLite's error
 */
export function writePage(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${pragma(database, 'user_version')}`);
}

/**
 * A log that a crash has left is read from the system's memory, and SQLite does not ask whether it is on the
 * disk: what was answered from it could be gone after a loss of power. So it is carried into the ledger
 * first. While somebody reads that is not possible, and one commit more has the disk confirm all of the log.
 *
 * @throws SQLite's error
 */
export function settleLog(database: DatabaseSync, path: string): void {
  if (existsSync(path + LOG) && !emptyLog(database)) {
    writePage(database);
  }
}

/**
 * Carries the log into the ledger. False while somebody reads, which is no error to SQLite
 * (https://sqlite.org/pragma.html#pragma_wal_checkpoint).
 *
 * @throws SQLite's error
 */
export function emptyLog(database: DatabaseSync): boolean {
  const [result] = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  return result?.['busy'] === 0;
}
