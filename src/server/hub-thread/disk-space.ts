import { statfsSync } from 'node:fs';
import type { Space } from '../../hub/index.ts';
import { MIN_FREE_BYTES, MIN_FREE_PART } from '../limits.ts';

const MIB = 1024 * 1024;

/** A file system, in bytes. */
export interface Disk {
  readonly size: number;
  /** What an unprivileged process may still write. */
  readonly free: number;
}

function diskOf(folder: string): Disk {
  const { blocks, bavail, bsize } = statfsSync(folder);
  return { size: blocks * bsize, free: bavail * bsize };
}

/** What is free on the disk of a folder, in bytes; null where the file system does not say. */
export function freeBytes(folder: string): number | null {
  try {
    return diskOf(folder).free;
  } catch {
    return null;
  }
}

/**
 * Refuses growth while a disk is as good as full, so that the books can always be read, frozen, copied and
 * closed. What a quota or a fault takes is noticed by a commit that fails: growth is then refused until the
 * next look, and tried again. The operator hears once when refusing begins, and once when it ends.
 */
export class DiskSpace implements Space {
  readonly #folder: string;
  readonly #minFree: number | undefined;
  readonly #disk: (folder: string) => Disk;
  /** Less than the minimum was free at the last look. */
  #isLow = false;
  /** A commit failed for the disk, and none has succeeded since. */
  #hasFailed = false;
  /** Nothing is tried before the next look. */
  #isPaused = false;

  /**
   * @param minFree bytes; 0 lets the books take all there is. Default: {@link MIN_FREE_BYTES}, or {@link
   * MIN_FREE_PART} of a small disk.
   * @param disk the disk of a folder
   */
  constructor(folder: string, minFree?: number, disk: (folder: string) => Disk = diskOf) {
    this.#folder = folder;
    this.#minFree = minFree;
    this.#disk = disk;
  }

  get mayGrow(): boolean {
    return !this.#isLow && !this.#isPaused;
  }

  /** Looks at the disk. Returns what the operator is to be told, if anything. */
  check(): string | undefined {
    this.#isPaused = false;
    let disk: Disk;
    try {
      disk = this.#disk(this.#folder);
    } catch {
      // A file system that does not say: commits will.
      return undefined;
    }
    const { size, free } = disk;
    const minFree = this.#minFree ?? Math.min(MIN_FREE_BYTES, size * MIN_FREE_PART);
    const wasLow = this.#isLow;
    this.#isLow = free < minFree;
    if (this.#isLow === wasLow) {
      return undefined;
    }
    const left = `${Math.floor(free / MIB)} MiB are free on the disk of ${this.#folder}`;
    return this.#isLow
      ? `payments and registrations are refused: ${left}, and ${Math.ceil(minFree / MIB)} MiB must be; make room there`
      : `payments and registrations are taken again: ${left}`;
  }

  failed(text: string): string | undefined {
    this.#isPaused = true;
    if (this.#hasFailed) {
      return undefined;
    }
    this.#hasFailed = true;
    return `${text}; payments and registrations are refused until it can`;
  }

  committed(): string | undefined {
    if (!this.#hasFailed) {
      return undefined;
    }
    this.#hasFailed = false;
    return 'the ledger can be written again, and payments are taken';
  }
}
