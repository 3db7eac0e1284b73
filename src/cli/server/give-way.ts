import { constants, setPriority } from 'node:os';

/** Lets a server beside this process go first wherever both want the processor. */
export function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // Where that is not allowed, nothing is lost but some of the server's time.
  }
}
