/** What must be heeded in reading a ledger that nobody has open, or that a server may open at any moment. */
import { existsSync, realpathSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { LOCK_LOOKS, LOCK_PAUSE_MS } from '../../limits.ts';
import { LOCK } from '../format/companions.ts';
import { ledgerError } from '../format/errors.ts';
import { Lock } from '../format/lock.ts';
import { requireSoundLog } from '../format/log-check.ts';

/**
 * The log that a crash has left beside a ledger must be sound: what is read without it lacks payments that
 * were committed, and looks whole. The log of a ledger in use may look broken while it is written; its server
 * has looked at it when it started.
 *
 * @throws StoreError `damaged`, `io`
 */
export async function requireSoundRemains(path: string): Promise<void> {
  try {
    const books = realpathSync(path);
    if (isSound(books) || (await isInUse(books))) {
      return;
    }
    requireSoundLog(books);
  } catch (error) {
    throw ledgerError(error, path);
  }
}

function isSound(books: string): boolean {
  try {
    requireSoundLog(books);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a server has it open, which has the lock for as long as that lasts: whoever only looks has it for a
 * moment.
 */
async function isInUse(books: string): Promise<boolean> {
  // Beside a copy there is no lock, and none need be made.
  if (!existsSync(books + LOCK)) {
    return false;
  }
  for (let look = 1; look <= LOCK_LOOKS; look += 1) {
    try {
      new Lock(books).release();
      return false;
    } catch (error) {
      if (ledgerError(error, books).code !== 'locked') {
        return false;
      }
    }
    await setTimeout(LOCK_PAUSE_MS);
  }
  return true;
}
