import { ArchiveError } from '../../archive.ts';
import { MAX_READINGS } from '../../limits.ts';
import { SqliteSnapshot } from './snapshot.ts';

/**
 * Has `work` read the ledger at `path` as it is at one moment.
 *
 * @throws StoreError `damaged`, `io`; ArchiveError `foreign`, `older_schema`, `newer_schema`, `changed`;
 *   whatever `work` throws
 */
export function readSnapshot<T>(path: string, work: (snapshot: SqliteSnapshot) => Promise<T>): Promise<T> {
  return readAgain(async () => {
    const snapshot = await SqliteSnapshot.open(path);
    try {
      return await work(snapshot);
    } finally {
      await snapshot.close();
    }
  });
}

/**
 * Reads from the beginning again when a server has begun to write meanwhile.
 *
 * @throws ArchiveError `changed` when that goes on; whatever `read` throws
 */
export async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await read();
    } catch (error) {
      const isChanged = error instanceof ArchiveError && error.code === 'changed';
      if (!isChanged || reading === MAX_READINGS) {
        throw error;
      }
    }
  }
}
