/**
 * Small files of which nobody may ever see a half, and their folders: for their owner alone (0600 in 0700),
 * and on the disk when a function returns. What fails throws the system's error, and leaves what was there.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemCode } from './errors.ts';

/** The bits of a mode that are not the owner's. */
const ACCESS_OF_OTHERS = 0o077;

/** Waits until the contents of a file are on the disk. @throws the system's error */
export function flushFileSync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Waits until the names in a folder are on the disk: a file that was made, renamed or removed is so only
 * then. Windows, where a folder cannot be opened, does it by itself.
 * @throws the system's error
 */
export function flushFolderSync(path: string): void {
  if (process.platform !== 'win32') {
    flushFileSync(path);
  }
}

/**
 * Makes a folder, and those above it that are missing, for their owner alone (0700).
 * @throws the system's error
 */
export function makeFolderSync(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) {
    return;
  }
  // A loss of power could otherwise take the folder, and with it all that is flushed inside.
  for (let made = resolve(path); ; made = dirname(made)) {
    flushFolderSync(dirname(made));
    if (made === resolve(first)) {
      return;
    }
  }
}

/**
 * May nobody but its owner read or write a file, or a folder? On Windows, where modes say nothing, it is
 * taken to be so.
 * @throws the system's error
 */
export function isPrivateSync(path: string): boolean {
  return process.platform === 'win32' || (statSync(path).mode & ACCESS_OF_OTHERS) === 0;
}

/** Puts a file in the place of whatever is there; its folder is made. @throws the system's error */
export function replaceFileSync(path: string, text: string): void {
  writeAside(path, text, (aside) => renameSync(aside, path));
}

/**
 * Puts a file where none is; its folder is made. False, and nothing is changed, where there is one already.
 * @throws the system's error
 */
export function createFileSync(path: string, text: string): boolean {
  let isNew = false;
  writeAside(path, text, (aside) => {
    isNew = linkOrMoveSync(aside, path);
    rmSync(aside, { force: true });
  });
  return isNew;
}

/**
 * Gives a file a second name or, on a file system where a file has but one (FAT, on many memory sticks),
 * another one. False, and nothing is changed, where there is a file of that name: unlike a rename it replaces
 * none.
 * @throws the system's error
 */
export function linkOrMoveSync(path: string, name: string): boolean {
  try {
    linkSync(path, name);
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST' || existsSync(name)) {
      return false;
    }
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(code)) {
      throw error;
    }
    renameSync(path, name);
  }
  return true;
}

/** Writes and flushes a file under another name in the same folder; `place` then gives it its own. */
function writeAside(path: string, text: string, place: (aside: string) => void): void {
  const folder = dirname(path);
  makeFolderSync(folder);
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    writeFlushed(aside, text);
    place(aside);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  flushFolderSync(folder);
}

function writeFlushed(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
