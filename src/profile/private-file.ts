import { open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../system/errors.ts';
import { createFileSync, isPrivateSync, makeFolderSync, replaceFileSync } from '../system/files.ts';
import { ProfileError } from './errors.ts';
import { LOCK_LIFE_MS, LOCK_PAUSE_MS } from './limits.ts';

/*
 * Files for their owner's eyes: 0600, in folders that are 0700 where we make them. A file is written aside,
 * flushed to the disk, and then takes its place in one step: nobody ever sees half of it.
 */

/** The text of a file, or undefined where there is none. @throws ProfileError `io` */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') {
      return undefined;
    }
    throw new ProfileError('io', path, { cause });
  }
}

/**
 * {@link readText} for a secret.
 * @throws ProfileError `io`, and `exposed` when others than its owner may read or write it
 */
export async function readSecret(path: string): Promise<string | undefined> {
  const text = await readText(path);
  if (text !== undefined && !orIo(path, () => isPrivateSync(path))) {
    throw new ProfileError('exposed', path);
  }
  return text;
}

/** Puts a file where none is. @throws ProfileError `exists`, `io` */
export function createFile(path: string, text: string): void {
  if (!orIo(path, () => createFileSync(path, text))) {
    throw new ProfileError('exists', path);
  }
}

/** Puts a file in the place of whatever is there. @throws ProfileError `io` */
export function replaceFile(path: string, text: string): void {
  orIo(path, () => replaceFileSync(path, text));
}

/**
 * Does something about a file while nobody else does, in this process or another, who asks for it in the same
 * way: another file beside it, `<path>.lock`, is there meanwhile. One that a crash has left counts for
 * {@link LOCK_LIFE_MS}. Two who find that one too old in the same instant may both go on: then the change of
 * one is lost, and a server whose key it was is asked about once more.
 * @throws ProfileError `io`, and what the work throws
 */
export async function exclusively<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  try {
    makeFolderSync(dirname(path));
    while (!(await placeLock(lock))) {
      if (await isAbandoned(lock)) {
        await rm(lock, { force: true });
      } else {
        await sleep(LOCK_PAUSE_MS);
      }
    }
  } catch (cause) {
    throw new ProfileError('io', path, { cause });
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
    if (systemCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** A clock that was set back makes it no younger. */
async function isAbandoned(lock: string): Promise<boolean> {
  try {
    return Math.abs(Date.now() - (await stat(lock)).mtimeMs) > LOCK_LIFE_MS;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

function orIo<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ProfileError('io', path, { cause });
  }
}
