import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../../../system/errors.ts';
import { ArchiveError } from '../../archive.ts';
import { StoreError } from '../../store.ts';
import { COMPANIONS } from './companions.ts';
import { APPLICATION_ID } from './schema.ts';

/**
 * Offset and length in bytes of what the header of a database file says (https://sqlite.org/fileformat.html
 * 1.3).
 */
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const APPLICATION_ID_OFFSET = 68;

/**
 * The file's header must say that it is a ledger. It is read without SQLite, which could change a database by
 * opening it.
 *
 * @throws ArchiveError `foreign`; StoreError `damaged`; the system's error when it cannot be read
 */
export function requireLedger(path: string): void {
  const stats = statSync(path);
  // A pipe would be waited for.
  if (!stats.isFile()) {
    throw new ArchiveError('foreign', `${path} is not a ledger: it is ${kindOf(stats)}`);
  }
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  let length: number;
  try {
    length = readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  if (length === 0) {
    throw new StoreError('damaged', `the ledger ${path} is damaged: the file is empty`);
  }
  if (length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new ArchiveError('foreign', `the file ${path} is not a ledger: it is not a SQLite database`);
  }
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    throw new ArchiveError('foreign', `the file ${path} is not a ledger: it is another program's database`);
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) {
    return 'a folder';
  }
  if (stats.isFIFO()) {
    return 'a pipe';
  }
  if (stats.isSocket()) {
    return 'a socket';
  }
  return 'a device';
}

/** It must be possible to find out whether there is a ledger at `path`. @throws StoreError `io` */
export function requireFolder(path: string): void {
  requireMode(path, dirname(path), constants.X_OK);
}

/**
 * The ledger at `path`, all of its companions, which a program that ran as somebody else may have left
 * closed, and new files beside it must be open to writing: SQLite would otherwise open it for reading alone,
 * and say so only when something is written.
 *
 * @throws StoreError `io`
 */
export function requireAccess(path: string): void {
  const folder = dirname(path);
  const { R_OK, W_OK, X_OK } = constants;
  requireMode(path, folder, R_OK | W_OK | X_OK);
  for (const file of [path, ...COMPANIONS.map((suffix) => path + suffix)]) {
    if (existsSync(file)) {
      requireMode(path, file, R_OK | W_OK);
    }
  }
}

function requireMode(path: string, file: string, mode: number): void {
  try {
    accessSync(file, mode);
  } catch (cause) {
    const code = systemCode(cause) ?? 'unknown error';
    throw new StoreError('io', `the ledger ${path} cannot be written: ${whyClosed(code, file)}`, { cause });
  }
}

function whyClosed(code: string, file: string): string {
  if (code === 'EROFS') {
    return `${file} is on a read-only file system; mount it for writing (after a fault of the disk, check it first)`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const owner = ownerOf(file);
    const user = process.getuid?.();
    if (owner === user) {
      return `its owner may not use ${file}; allow it with chmod u+rwX`;
    }
    return (
      `this user (${user}) may not use ${file}${owner === undefined ? '' : `, which belongs to user ${owner}`}; ` +
      'run as its owner, or give it to this user with chown'
    );
  }
  return code === 'ENOENT' ? `there is no ${file}` : `${file} cannot be used (${code})`;
}

function ownerOf(file: string): number | undefined {
  try {
    return statSync(file).uid;
  } catch {
    return undefined;
  }
}
