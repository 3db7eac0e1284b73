import { systemCode } from '../../../system/errors.ts';
import { ArchiveError } from '../../archive.ts';
import { StoreError, type StoreErrorCode } from '../../store.ts';

const FULL = 13;

/** IOERR_WRITE */
const NOT_WRITTEN = 10 | (3 << 8);

/** IOERR_SHMSIZE: the index of the log finds no place on the disk. */
export const NO_PLACE_FOR_INDEX = 10 | (19 << 8);

/** What SQLite or the system itself can say; the other codes are what this program finds. */
type SystemCode = Exclude<StoreErrorCode, 'unsettled' | 'other_currency'>;

/** By SQLite's primary result code: https://sqlite.org/rescode.html */
const CODE_BY_RESULT: ReadonlyMap<number, SystemCode> = new Map([
  [5, 'locked'], // BUSY
  [6, 'locked'], // LOCKED
  [11, 'damaged'], // CORRUPT
  [FULL, 'full'],
  [19, 'conflict'], // CONSTRAINT
  [20, 'conflict'], // MISMATCH
  [26, 'damaged'], // NOTADB
]);

const MEANING: Readonly<Record<SystemCode, string>> = {
  locked: 'is in use by another program',
  damaged: 'is damaged',
  conflict: 'was changed by another program',
  full: 'cannot grow: no space is left on its disk',
  io: 'cannot be read or written',
};

/** An error of `node:sqlite` or `node:fs` in the ledger's terms; one of the ledger's own stays as it is. */
export function ledgerError(error: unknown, path: string): StoreError | ArchiveError {
  if (error instanceof StoreError || error instanceof ArchiveError) {
    return error;
  }
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreError(code, `the ledger ${path} ${MEANING[code]} (${detail})`, { cause: error });
}

/** SQLite's extended result code, of an error of its own. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) {
    return undefined;
  }
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

function codeOf(error: unknown): SystemCode {
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
