import { chownSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '../case.ts';

/** What statfs(2) calls file systems that are memory: tmpfs and ramfs. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x0102_1994, 0x8584_58f6]);

/** A new empty folder on a disk. */
export interface DiskFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): void;
}

/**
 * Makes a folder for data that has to be durable: in the folder for temporary files, unless that is memory.
 * `owner`: the user that is to own it. Throws {@link Unavailable} where there is no disk to be found.
 */
export function newDiskFolder(owner?: { readonly uid: number; readonly gid: number }): DiskFolder {
  const parent = [tmpdir(), '/var/tmp', homedir()].find((folder) => isOnDisk(folder));
  if (parent === undefined) {
    throw new Unavailable('no folder for temporary files is on a disk');
  }
  const path = mkdtempSync(join(parent, 'farthing-bench-'));
  if (owner !== undefined) {
    chownSync(path, owner.uid, owner.gid);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function isOnDisk(folder: string): boolean {
  try {
    return !IN_MEMORY.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}
