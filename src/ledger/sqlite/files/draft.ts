import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '../../store.ts';

/** What SQLite, or the lock, may put beside a database. */
const COMPANIONS = ['-wal', '-shm', '-journal', '-lock'];

/** A database that is not finished: beside the one that it is to become, under a name that says so. */
export class Draft {
  readonly path: string;
  readonly #target: string;
  // For one who has the process end on the way.
  readonly #atExit = () => remove(this.path);

  /** Makes an empty file, for its owner alone, and removes those of processes that died before they were done. */
  constructor(target: string) {
    const prefix = `${basename(target)}.unfinished-`;
    const folder = dirname(target);
    for (const name of readdirSync(folder)) {
      const [, process] = name.startsWith(prefix) ? (/^([0-9]+)/.exec(name.slice(prefix.length)) ?? []) : [];
      if (process !== undefined && !isAlive(Number(process))) rmSync(join(folder, name), { force: true });
    }
    this.#target = target;
    this.path = join(folder, `${prefix}${process.pid}`);
    remove(this.path);
    closeSync(openSync(this.path, 'wx', 0o600));
    process.once('exit', this.#atExit);
  }

  /**
   * Gives it the name of its target, all at once: a crash leaves the one file or the other, whole. Where nothing may be
   * replaced, a file that has appeared there meanwhile stays, and `exists` is thrown.
   */
  putInPlace(replace: boolean): void {
    flush(this.path);
    if (replace) renameSync(this.path, this.#target);
    else linkOrMove(this.path, this.#target);
    flush(dirname(this.#target));
  }

  /** Removes what is left of it. */
  discard(): void {
    process.off('exit', this.#atExit);
    remove(this.path);
  }
}

/** Throws `full` where the disk of `draft` has less room than the file at `path` takes. */
export function requireRoom(path: string, draft: string): void {
  const { bavail, bsize } = statfsSync(dirname(draft));
  const { size } = statSync(path);
  if (bavail * bsize < size) {
    const mib = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
    throw new StoreError(
      'full',
      `there is no room for a copy in ${dirname(draft)}: it takes ${mib(size)}, and ${mib(bavail * bsize)} are free`,
    );
  }
}

function remove(path: string): void {
  for (const name of [path, ...COMPANIONS.map((suffix) => path + suffix)]) rmSync(name, { force: true });
}

/** Waits until a file, or a folder's names, are on the disk. */
function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Gives a file a second name, or, on a file system where a file has but one (FAT, on many memory sticks), another one.
 * Throws `exists` where there is a file of that name.
 */
export function linkOrMove(path: string, name: string): void {
  try {
    linkSync(path, name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isTaken = code === 'EEXIST' || existsSync(name);
    if (isTaken) throw new StoreError('exists', `${name} is there already`, { cause: error });
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    renameSync(path, name);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
