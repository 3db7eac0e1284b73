import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, STABLE_LINK_MS } from './limits.ts';

/** The pause before one attempt to come back. */
export interface Pause {
  /** From 1. */
  readonly attempt: number;
  readonly delayMs: number;
}

/**
 * How long to pause before each attempt to come back: twice as long each time, up to a longest, and each
 * between half and the whole of that by chance, so that the clients of a server that was away do not all come
 * back at once.
 */
export class Backoff {
  readonly #random: () => number;
  #attempt = 0;
  #restoredAt: number | undefined;

  /** `random`: from 0 to below 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** The next pause. */
  next(): Pause {
    const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#attempt);
    this.#attempt += 1;
    return { attempt: this.#attempt, delayMs: Math.round((whole * (1 + this.#random())) / 2) };
  }

  /** The link is back. `now`: ms of any steady clock. */
  restored(now: number): void {
    this.#restoredAt = now;
  }

  /** The link broke. Only when it had held for {@link STABLE_LINK_MS} does the backoff begin anew. */
  lost(now: number): void {
    if (this.#restoredAt === undefined || now - this.#restoredAt >= STABLE_LINK_MS) {
      this.#attempt = 0;
    }
  }
}
