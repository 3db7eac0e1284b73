import { now } from '../clock.ts';
import { MAX_STEP_WAIT_MS, MAX_STEPS_PER_TURN, STEP_GRACE_MS, STEP_SHARE } from '../limits.ts';

/** A handshake with a whole message to read. */
export interface QueuedHandshake {
  /** Does its next step: the cryptography of that message. */
  step(): void;
}

/** What a {@link StepQueue} needs of the event loop. */
export interface Loop {
  /** Milliseconds of a steady clock. */
  now(): number;
  /** Calls back once, when what has come in during this turn of the loop has been read. */
  afterTurn(callback: () => void): void;
}

/**
 * Where handshakes wait, so that they never keep links waiting. A step is expensive: some hundred
 * microseconds of cryptography, against ten for a request. When the queue is empty, the first of a turn is
 * done at once; any other is queued, and at the end of each turn of the event loop some steps are done: for
 * {@link STEP_SHARE} of the time that the rest of the turn took, but one at least. While a program says that
 * links come first the queue pauses, for {@link MAX_STEP_WAIT_MS} at most.
 *
 * A connection is not read while it is queued, and is queued once: the queue is as long as the handshakes
 * that a listener takes at once.
 */
export class StepQueue {
  readonly #loop: Loop;
  readonly #waiting = new Set<QueuedHandshake>();
  #scheduled = false;
  #taken = false;
  #linksBusy = false;
  /** Until when the queue pauses, ms. */
  #pausedUntil = 0;
  /** When the last steps were done, or the queue was last empty. */
  #since = 0;
  /** When this turn of the event loop began. */
  #turnBegan = 0;

  constructor(loop: Loop = { now, afterTurn: setImmediate }) {
    this.#loop = loop;
  }

  /** Handshakes queued. */
  get size(): number {
    return this.#waiting.size;
  }

  /** May a step be done at once? If not, `wait`. */
  take(): boolean {
    if (this.#taken || this.#waiting.size > 0) {
      return false;
    }
    this.#taken = true;
    this.#schedule();
    return true;
  }

  /** Queues a handshake for one step. */
  wait(one: QueuedHandshake): void {
    this.#waiting.add(one);
    this.#schedule();
  }

  /** Takes a handshake out of the queue. */
  leave(one: QueuedHandshake): void {
    this.#waiting.delete(one);
  }

  /** A link is about to get an answer: the queue pauses until `yield`, for {@link STEP_GRACE_MS} at most. */
  expectAnswer(): void {
    if (this.#waiting.size > 0) {
      this.#pausedUntil = this.#loop.now() + STEP_GRACE_MS;
    }
  }

  /** Links have something to send in this turn: the queue pauses until its end. */
  yield(): void {
    this.#pausedUntil = 0;
    this.#linksBusy = true;
  }

  #schedule(): void {
    if (this.#scheduled) {
      return;
    }
    this.#scheduled = true;
    this.#since = this.#loop.now();
    this.#turnBegan = this.#since;
    // What links did before anything was queued is no reason to pause.
    this.#linksBusy = false;
    this.#loop.afterTurn(() => this.#endTurn());
  }

  #endTurn(): void {
    const time = this.#loop.now();
    this.#taken = false;
    const paused = this.#linksBusy || time < this.#pausedUntil;
    this.#linksBusy = false;
    if (!paused || time - this.#since >= MAX_STEP_WAIT_MS) {
      this.#run(time);
    }
    this.#turnBegan = this.#loop.now();
    if (this.#waiting.size > 0) {
      this.#loop.afterTurn(() => this.#endTurn());
    } else {
      this.#scheduled = false;
    }
  }

  #run(start: number): void {
    const until = start + STEP_SHARE * (start - this.#turnBegan);
    let done = 0;
    for (const one of this.#waiting) {
      this.#waiting.delete(one);
      one.step();
      done += 1;
      if (done >= MAX_STEPS_PER_TURN || this.#loop.now() >= until) {
        break;
      }
    }
    this.#since = this.#loop.now();
  }
}

/** The queue of this thread. @internal */
export const steps = new StepQueue();
