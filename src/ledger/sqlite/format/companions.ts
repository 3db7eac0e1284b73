/**
 * Files that SQLite, or the lock, keeps beside a database: its own name and a suffix
 * (https://sqlite.org/tempfiles.html 2).
 */

/** The write-ahead log: commits that are not in the database yet. */
export const LOG = '-wal';

/** The rollback journal: pages as they were before a transaction that a crash has cut short. */
export const ROLLBACK_JOURNAL = '-journal';

/** The index of the write-ahead log, which is made from it and holds nothing of its own. */
export const LOG_INDEX = '-shm';

/** The database on which the lock is: empty. */
export const LOCK = '-lock';

/** What SQLite takes for a part of whatever database it finds beside it. Of a closed one there is neither. */
export const WITH_CONTENT = [LOG, ROLLBACK_JOURNAL] as const;

export const COMPANIONS = [...WITH_CONTENT, LOG_INDEX, LOCK] as const;
