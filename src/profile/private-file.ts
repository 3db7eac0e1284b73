import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WalletFileError } from './errors.ts';
import { LOCK_LIFE_MS, LOCK_PAUSE_MS } from './limits.ts';

/*
 * Files for their owner's eyes: 0600, in folders that are 0700 where we make them. A file is written aside, flushed to
 * the disk, and then takes its place in one step: nobody ever sees half of it.
 */

const ACCESS_OF_OTHERS = 0o077;

/** The text of a file, or undefined where there is none. @throws WalletFileError `io` */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw new WalletFileError('io', path, { cause });
  }
}

/** {@link readText} for a secret. @throws WalletFileError `io`, and `exposed` when others than its owner may read or write it */
export async function readSecret(path: string): Promise<string | undefined> {
  const text = await readText(path);
  if (text === undefined || process.platform === 'win32') return text;
  const { mode } = await stat(path).catch((cause: unknown) => {
    throw new WalletFileError('io', path, { cause });
  });
  if ((mode & ACCESS_OF_OTHERS) !== 0) throw new WalletFileError('exposed', path);
  return text;
}

/** Puts a file where none is. @throws WalletFileError `exists`, `io` */
export async function createFile(path: string, text: string): Promise<void> {
  await write(path, text, async (aside) => {
    // Unlike a rename, a link fails where there is a file already.
    await link(aside, path).catch((cause: unknown) => {
      throw systemCode(cause) === 'EEXIST' ? new WalletFileError('exists', path, { cause }) : cause;
    });
    await rm(aside);
  });
}

/** Puts a file in the place of whatever is there. @throws WalletFileError `io` */
export async function replaceFile(path: string, text: string): Promise<void> {
  await write(path, text, (aside) => rename(aside, path));
}

/**
 * Does something about a file while nobody else does, in this process or another, who asks for it in the same way: another
 * file beside it, `<path>.lock`, is there meanwhile. One that a crash has left counts for {@link LOCK_LIFE_MS}.
 * Two who find that one too old in the same instant may both go on: then the change of one is lost, and a server whose key
 * it was is asked about once more.
 * @throws WalletFileError `io`, and what the work throws
 */
export async function exclusively<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    while (!(await placeLock(lock))) {
      if (await isAbandoned(lock)) await rm(lock, { force: true });
      else await sleep(LOCK_PAUSE_MS);
    }
  } catch (cause) {
    throw new WalletFileError('io', path, { cause });
  }
  try {
    return await work();
  } finally {
    // One that cannot be removed is soon too old.
    await rm(lock, { force: true }).catch(() => undefined);
  }
}

/** False where it is there already. */
async function placeLock(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A clock that was set back makes it no younger. */
async function isAbandoned(lock: string): Promise<boolean> {
  try {
    return Math.abs(Date.now() - (await stat(lock)).mtimeMs) > LOCK_LIFE_MS;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function write(path: string, text: string, place: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await writeFlushed(aside, text);
      await place(aside);
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
    await flushFolder(dirname(path));
  } catch (cause) {
    throw cause instanceof WalletFileError ? cause : new WalletFileError('io', path, { cause });
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name is on disk once its folder is. Windows has no such thing as opening a folder. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
