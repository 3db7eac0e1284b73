import type { Refused } from './effects.ts';

/** Whether the disk of the books has space for more payments and accounts. */
export interface Space {
  readonly mayGrow: boolean;
  /** A commit failed for the disk. Returns what the operator is to be told, if anything. */
  failed(text: string): string | undefined;
  /** A commit that added to the books succeeded. Returns what the operator is to be told, if anything. */
  committed(): string | undefined;
}

/** Books whose space nobody looks after: every failure is told. */
export const UNWATCHED: Space = { mayGrow: true, failed: (text) => text, committed: () => undefined };

/** What refuses an order or a registration while the disk is as good as full. Nothing was done. */
export const NO_SPACE: Refused = {
  refused: 'INTERNAL',
  text: 'FAIL: The server cannot write at the moment, try again later',
};
