/** The chain of an account's transfers, from the newest to the oldest, as the file has it. */
import { MILESTONE_INTERVAL } from '../../limits.ts';

/** Where the chain begins. */
export interface Head {
  /** `seq` of the newest, 0 when there is none. */
  readonly lastSeq: number;
  readonly transfers: number;
}

/** Of an account without transfers. */
export const NO_HEAD: Head = { lastSeq: 0, transfers: 0 };

/**
 * Whether the transfer that is an account's `number`th is listed, so that a walk down the chain can begin
 * there.
 */
export function isMilestone(number: number): boolean {
  return number % MILESTONE_INTERVAL === 0;
}
