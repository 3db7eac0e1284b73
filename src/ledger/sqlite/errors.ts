import { StoreError, type StoreErrorCode } from '../store.ts';

/** By SQLite's primary result code: https://sqlite.org/rescode.html */
const CODE_BY_RESULT: ReadonlyMap<number, StoreErrorCode> = new Map([
  [5, 'locked'], // BUSY
  [6, 'locked'], // LOCKED
  [11, 'damaged'], // CORRUPT
  [13, 'full'], // FULL
  [19, 'conflict'], // CONSTRAINT
  [20, 'conflict'], // MISMATCH
  [26, 'damaged'], // NOTADB
]);

/** IOERR_SHMSIZE: the index of the log finds no place on the disk. */
const NO_PLACE_FOR_INDEX = 10 | (19 << 8);

const MEANING: Readonly<Record<StoreErrorCode, string>> = {
  locked: 'is in use by another program',
  changed: 'came into use while it was read',
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

function storeErrorCode(error: unknown): StoreErrorCode {
  if (!(error instanceof Error)) {
    return 'io';
  }
  // The extended result code holds the primary one in its low byte.
  if ('errcode' in error && typeof error.errcode === 'number') {
    if (error.errcode === NO_PLACE_FOR_INDEX) return 'full';
    return CODE_BY_RESULT.get(error.errcode & 0xff) ?? 'io';
  }
  const code = 'code' in error ? error.code : undefined;
  // An integer too large to be exact: no such number was ever written.
  if (code === 'ERR_OUT_OF_RANGE') {
    return 'damaged';
  }
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'io';
}
