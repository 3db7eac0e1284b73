import { closeSync, openSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../../../system/errors.ts';
import { flushFileSync, flushFolderSync, linkOrMoveSync } from '../../../system/files.ts';
import { ArchiveError } from '../../archive.ts';
import { StoreError } from '../../store.ts';
import { COMPANIONS } from '../format/companions.ts';

/** A database that is not finished: beside the one that it is to become, under a name that says so. */
export class Draft {
  readonly path: string;
  readonly #target: string;
  // For one who has the process end on the way.
  readonly #atExit = () => remove(this.path);

  /**
   * Makes an empty file, for its owner alone, and removes those of processes that died before they were done.
   *
   * @throws the system's error
   */
  constructor(target: string) {
    const prefix = `${basename(target)}.unfinished-`;
    const folder = dirname(target);
    for (const name of readdirSync(folder)) {
      const [, process] = name.startsWith(prefix) ? (/^([0-9]+)/.exec(name.slice(prefix.length)) ?? []) : [];
      if (process !== undefined && !isAlive(Number(process))) {
        rmSync(join(folder, name), { force: true });
      }
    }
    this.#target = target;
    this.path = join(folder, `${prefix}${process.pid}`);
    remove(this.path);
    closeSync(openSync(this.path, 'wx', 0o600));
    process.once('exit', this.#atExit);
  }

  /**
   * Gives it the name of its target, all at once: a crash leaves the one file or the other, whole. Where
   * nothing may be replaced, a file that has appeared there meanwhile stays.
   *
   * @throws ArchiveError `exists`; the system's error
   */
  putInPlace(replace: boolean): void {
    flushFileSync(this.path);
    if (replace) {
      renameSync(this.path, this.#target);
    } else {
      takeName(this.path, this.#target);
    }
    flushFolderSync(dirname(this.#target));
  }

  /** Removes what is left of it. */
  discard(): void {
    process.off('exit', this.#atExit);
    remove(this.path);
  }
}

/** The disk of `draft` must have the room that the file at `path` takes. @throws StoreError `full` */
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

/** A draft that is opened, or copied into, has companions of every kind on the way. */
function remove(path: string): void {
  for (const suffix of ['', ...COMPANIONS]) {
    rmSync(path + suffix, { force: true });
  }
}

/** Gives a file a name that no other has. @throws ArchiveError `exists`; the system's error */
export function takeName(path: string, name: string): void {
  if (!linkOrMoveSync(path, name)) {
    throw new ArchiveError('exists', `${name} is there already`);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
