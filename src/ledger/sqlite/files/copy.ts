import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Progress } from '../../archive.ts';
import { COPY_FLUSH_PAGES, COPY_STEP_PAGES } from '../../limits.ts';
import type { Reader } from '../snapshot/reader.ts';

/**
 * Copies what a reader sees, page by page, into a file that is there and empty. The reader's transaction
 * holds throughout: the copy is of one moment, and never begins again because a payment was made meanwhile.
 *
 * @throws ArchiveError `changed`; SQLite's or the system's error
 */
export async function copyPages(reader: Reader, to: string, onProgress?: Progress): Promise<void> {
  // SQLite locks the file as a whole; that this process has it open once more takes no lock away until it is
  // closed.
  const file = openSync(to, 'r+');
  try {
    let flushed = 0;
    onProgress?.('copy', 0, 1);
    await backup(reader.database, to, {
      rate: COPY_STEP_PAGES,
      progress: ({ totalPages, remainingPages }) => {
        const done = totalPages - remainingPages;
        if (done - flushed >= COPY_FLUSH_PAGES) {
          fdatasyncSync(file);
          flushed = done;
        }
        onProgress?.('copy', done, totalPages);
      },
    });
    reader.requireUnchanged();
  } catch (error) {
    // What looks like damage may come of a server that has begun to write.
    reader.requireUnchanged();
    throw error;
  } finally {
    closeSync(file);
  }
  withoutLog(to);
}

/** Says in the file that it needs no write-ahead log: so it is a single file, wherever it is taken. */
function withoutLog(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}
