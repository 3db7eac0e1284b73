import type { DatabaseSync } from 'node:sqlite';
import { CHECKPOINT_PAGES, MAX_IDLE_WAL_BYTES, PAGE_CACHE_KIB } from '../../limits.ts';
import { StoreError } from '../../store.ts';

/** `PRAGMA synchronous` when it is FULL. */
const SYNCHRONOUS_FULL = 2;

/**
 * What an answer's promise depends on. On macOS `fullfsync` makes the disk wait for its medium; elsewhere it
 * says nothing.
 */
const REQUIRED: Readonly<Record<string, string | number>> = {
  journal_mode: 'wal',
  synchronous: SYNCHRONOUS_FULL,
  fullfsync: 1,
  checkpoint_fullfsync: 1,
  foreign_keys: 1,
};

/** FULL waits for the disk at each commit. @throws SQLite's error */
export function configure(database: DatabaseSync): void {
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

/**
 * Reads back what was set, since SQLite does not say when it cannot have a setting.
 *
 * @throws StoreError `io`
 */
export function requireSettings(database: DatabaseSync, path: string): void {
  for (const [name, wanted] of Object.entries(REQUIRED)) {
    const found = database.prepare(`PRAGMA ${name}`).get()?.[name];
    if (found !== wanted) {
      throw new StoreError(
        'io',
        `the ledger ${path} cannot be written durably on this file system (${name} is ${found}, not ${wanted}); ` +
          'keep it on a local disk',
      );
    }
  }
}

/** The number that a setting has, NaN where it has none. @throws SQLite's error */
export function pragma(database: DatabaseSync, name: string): number {
  const value = database.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === 'number' ? value : Number.NaN;
}
