import type { Store } from '../ledger/support/internals.ts';
import { MemoryStore } from '../ledger/support/memory-store.ts';

/** What is on a disk: it is still there when everything in memory is gone. */
export interface Disk {
  /** Opens the books, as a server does when it starts. */
  open(): Promise<Store>;
  /** What has been opened is gone, and nothing was said to it. */
  crash(): Promise<void>;
  /** Makes the next commit fail in its middle, where the disk can do that. */
  readonly breakCommit: (() => () => void) | undefined;
  remove(): void;
}

/** A disk that is memory: what is committed is there after a crash. */
export class ModelDisk extends MemoryStore implements Disk {
  readonly breakCommit = undefined;

  async open(): Promise<Store> {
    return this;
  }

  async crash(): Promise<void> {}

  remove(): void {}
}
