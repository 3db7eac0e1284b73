import type { Writable } from 'node:stream';
import { MAX_UNREAD } from './limits.ts';

/**
 * Lines for a reader who may lag behind, or read no more: a burst waits, but of what others can send without end lines are
 * counted and left out, so that it takes no more memory. How many were left out is said as soon as lines are read again.
 */
export class UnreadLines {
  readonly #stream: Writable;
  readonly #leftOut: (lines: number) => string;
  #dropped = 0;

  /**
   * `leftOut`: the line that says how many were left out. `readAgain`: called when it is time for that line, where writing
   * it takes more than {@link tellDropped}.
   */
  constructor(stream: Writable, leftOut: (lines: number) => string, readAgain = () => this.tellDropped()) {
    this.#stream = stream;
    this.#leftOut = leftOut;
    stream.on('drain', () => {
      if (this.#dropped > 0) readAgain();
    });
  }

  /** Does so much wait for the reader that what others send is left out? */
  get isFull(): boolean {
    return this.#stream.writableLength >= MAX_UNREAD;
  }

  /** Writes whole lines, in any case. */
  write(text: string): void {
    this.tellDropped();
    this.#stream.write(text);
  }

  /** Writes whole lines, or counts them as one. */
  offer(text: string): void {
    if (this.isFull) this.leaveOut();
    else this.write(text);
  }

  /** Counts lines that are not even offered. */
  leaveOut(): void {
    this.#dropped += 1;
  }

  /** Says how many lines were left out since this was last said, if any were. */
  tellDropped(): void {
    const lines = this.#dropped;
    if (lines === 0) return;
    this.#dropped = 0;
    this.#stream.write(this.#leftOut(lines));
  }
}
