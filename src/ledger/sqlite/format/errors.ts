import { systemCode } from '../../../system/errors.ts';
import { StoreError, type StoreErrorCode } from '../../store.ts';

const FULL = 13;

/** IOERR_WRITE */
const NOT_WRITTEN = 10 | (3 << 8);

/** IOERR_SHMSIZE: the index of the log finds no place on the disk. */
export const NO_PLACE_FOR_INDEX = 10 | (19 << 8);

/** By SQLite's primary result code: https://sqlite.org/rescode.html */
const CODE_BY_RESULT: ReadonlyMap<number, StoreErrorCode> = new Map([
  [5, 'locked'], // BUSY
  [6, 'locked'], // LOCKED
  [11, 'damaged'], // CORRUPT
  [FULL, 'full'],
  [19, 'conflict'], // CONSTRAINT
  [20, 'conflict'], // MISMATCH
  [26, 'damaged'], // NOTADB
]);

const MEANING: Readonly<Record<StoreErrorCode, string>> = {
  locked: 'is in use by another program',
  changed: 'came into use while it was read',
  unsettled: 'may have taken a commit, or not',
  foreign: 'is not a ledger',
  older_schema: 'was written by an earlier version of this program',
  newer_schema: 'was written by a later version of this program',
  other_currency: 'is kept in another currency',
  damaged: 'is damaged',
  conflict: 'was changed by another program',
  exists: 'is there already',
  full: 'cannot grow: no space is left on its disk',
  io: 'cannot be read or written',
};

/** An error of `node:sqlite` or `node:fs` in the ledger's terms; a `StoreError` stays as it is. */
export function storeError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) {
    return error;
  }
  const code = storeErrorCode(error);
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreError(code, `the ledger ${path} ${MEANING[code]} (${detail})`, { cause: error });
}

/** SQLite's extended result code, of an error of its own. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** Whether a write to a file failed, so that nothing came after it. */
export function isUnwritten(error: unknown): boolean {
  const result = resultCode(error);
  return result === NOT_WRITTEN || (result !== undefined && primary(result) === FULL);
}

/** The extended one holds it in its low byte. */
function primary(result: number): number {
  return result & 0xff;
}

function storeErrorCode(error: unknown): StoreErrorCode {
  const result = resultCode(error);
  if (result === NO_PLACE_FOR_INDEX) {
    return 'full';
  }
  if (result !== undefined) {
    return CODE_BY_RESULT.get(primary(result)) ?? 'io';
  }
  const code = systemCode(error);
  // An integer too large to be exact: no such number was ever written.
  if (code === 'ERR_OUT_OF_RANGE') {
    return 'damaged';
  }
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'io';
}
