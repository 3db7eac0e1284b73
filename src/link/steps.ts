import { now } from './clock.ts';
import { MAX_STEP_WAIT_MS, MAX_STEPS_PER_TURN, STEP_GRACE_MS, STEP_SHARE } from './limits.ts';

/** A handshake that waits for the thread's time. */
export interface Stepping {
  /** Does its next step. */
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
 * Where handshakes wait, so that strangers never keep members waiting. A step is expensive: some hundred microseconds of
 * cryptography, against ten for a request. When nobody waits, the first of a turn is done at once; any other stands in line,
 * and at the end of each turn of the event loop some steps are done: for a quarter of the time that the rest of the turn took,
 * but one at least. While a program says that links come first the line rests, for a moment.
 *
 * Whoever waits is not read any further, and each connection waits in one place: the line is as long as the connections
 * that a listener takes at once.
 */
export class StepQueue {
  readonly #loop: Loop;
  readonly #waiting = new Set<Stepping>();
  #scheduled = false;
  #taken = false;
  #linksBusy = false;
  /** Until when the line rests, ms. */
  #restsUntil = 0;
  /** When the last steps were done, or the line began. */
  #since = 0;
  /** When this turn of the event loop began. */
  #turnBegan = 0;

  constructor(loop: Loop = { now, afterTurn: setImmediate }) {
    this.#loop = loop;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** May a step be done now? If not, `wait`. */
  take(): boolean {
    if (this.#taken || this.#waiting.size > 0) return false;
    this.#taken = true;
    this.#schedule();
    return true;
  }

  /** Stands in line for one step. */
  wait(one: Stepping): void {
    this.#waiting.add(one);
    this.#schedule();
  }

  /** Leaves the line. */
  leave(one: Stepping): void {
    this.#waiting.delete(one);
  }

  /** A link's answer is to come in a moment: the line rests until `yield`, or for as long as that takes. */
  expectAnswer(): void {
    if (this.#waiting.size > 0) this.#restsUntil = this.#loop.now() + STEP_GRACE_MS;
  }

  /** Links have something to send in this turn, and the line rests in it. */
  yield(): void {
    this.#restsUntil = 0;
    this.#linksBusy = true;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#since = this.#loop.now();
    this.#turnBegan = this.#since;
    // What was busy before there was a line is no reason to wait.
    this.#linksBusy = false;
    this.#loop.afterTurn(() => this.#endTurn());
  }

  #endTurn(): void {
    const time = this.#loop.now();
    this.#taken = false;
    const rests = this.#linksBusy || time < this.#restsUntil;
    this.#linksBusy = false;
    if (!rests || time - this.#since >= MAX_STEP_WAIT_MS) this.#run(time);
    this.#turnBegan = this.#loop.now();
    if (this.#waiting.size > 0) this.#loop.afterTurn(() => this.#endTurn());
    else this.#scheduled = false;
  }

  #run(start: number): void {
    const until = start + STEP_SHARE * (start - this.#turnBegan);
    let done = 0;
    for (const one of this.#waiting) {
      this.#waiting.delete(one);
      one.step();
      done += 1;
      if (done >= MAX_STEPS_PER_TURN || this.#loop.now() >= until) break;
    }
    this.#since = this.#loop.now();
  }
}

/** The line of this thread. */
export const steps = new StepQueue();
