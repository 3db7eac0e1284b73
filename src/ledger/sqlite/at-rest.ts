/** What must be heeded in reading a ledger that nobody has open, or that a server may open at any moment. */
import { existsSync, realpathSync } from 'node:fs';
import { MAX_READINGS } from '../limits.ts';
import { StoreError } from '../store.ts';
import { storeError } from './errors.ts';
import { Lock } from './lock.ts';
import { requireSoundLog } from './log-check.ts';

/** Reads from the beginning again when a server has begun to write meanwhile. Throws `changed` when that goes on. */
export async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await read();
    } catch (error) {
      const isChanged = error instanceof StoreError && error.code === 'changed';
      if (!isChanged || reading === MAX_READINGS) throw error;
    }
  }
}

/**
 * Throws `damaged` when the log that a crash has left beside a ledger is broken: what is read then lacks payments that
 * were committed, and looks whole. The log of a ledger in use is not looked at: its server has done so when it started, and
 * changes it all the time.
 */
export function requireSoundRemains(path: string): void {
  try {
    const books = realpathSync(path);
    const log = `${books}-wal`;
    if (!existsSync(log)) return;
    // Whoever has it open has made a lock: where there is none, as beside a copy, none need be made.
    const lock = existsSync(`${books}-lock`) ? new Lock(books) : undefined;
    try {
      requireSoundLog(log);
    } finally {
      lock?.release();
    }
  } catch (error) {
    const explained = storeError(error, path);
    if (explained.code !== 'locked') throw explained;
  }
}
