import type { Writable } from 'node:stream';
import { MAX_UNREAD } from '../limits.ts';

/**
 * Writes lines for a reader who may lag behind, or read no more. A burst waits, but lines that may be left
 * out are counted instead of written once too many bytes wait: memory is bounded. How many were left out is
 * said in their place, as soon as lines are read again.
 */
export class LineWriter {
  readonly #stream: Writable;
  readonly #droppedText: (lines: number) => string;
  #dropped = 0;

  /**
   * `droppedText`: the line that says how many were left out. `onReadAgain`: called when it is time for that
   * line, where writing it takes more than {@link tellDropped}.
   */
  constructor(
    stream: Writable,
    droppedText: (lines: number) => string,
    onReadAgain = () => this.tellDropped(),
  ) {
    this.#stream = stream;
    this.#droppedText = droppedText;
    stream.on('drain', () => {
      if (this.#dropped > 0) {
        onReadAgain();
      }
    });
  }

  /** Lines left out that have not been told of. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Do as many bytes wait for the reader as may? Then what is offered is left out. */
  isFull(maxWaiting: number = MAX_UNREAD): boolean {
    return this.#stream.writableLength >= maxWaiting;
  }

  /** Writes whole lines, in any case. */
  write(text: string): void {
    this.tellDropped();
    this.#stream.write(text);
  }

  /** Writes whole lines, or counts them as one where `maxWaiting` bytes wait already. */
  offer(text: () => string, maxWaiting: number = MAX_UNREAD): void {
    if (this.isFull(maxWaiting)) {
      this.leaveOut();
    } else {
      this.write(text());
    }
  }

  /** Counts lines that are not even offered, as one. */
  leaveOut(): void {
    this.#dropped += 1;
  }

  /** Says how many lines were left out since this was last said, if any were. */
  tellDropped(): void {
    const lines = this.#dropped;
    if (lines === 0) {
      return;
    }
    this.#dropped = 0;
    this.#stream.write(this.#droppedText(lines));
  }
}
