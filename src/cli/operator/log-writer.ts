import type { Writable } from 'node:stream';
import type { LineOf, LoggedEvent } from './log.ts';

/**
 * Writes the log as fast as it is read: while its reader lags behind, lines are counted and left out, so that a log
 * which nobody reads takes no memory. How many were left out is said as soon as lines are read again.
 */
export class LogWriter {
  readonly #lineOf: LineOf;
  readonly #stream: Writable;
  #dropped = 0;

  constructor(lineOf: LineOf, stream: Writable = process.stdout) {
    this.#lineOf = lineOf;
    this.#stream = stream;
    stream.on('drain', () => this.tellDropped());
  }

  /** Writes the line of an event, or counts it. */
  write(event: LoggedEvent): void {
    if (this.#stream.writableNeedDrain) this.#dropped += 1;
    else this.#write(event);
  }

  /** Says how many lines were left out since this was last said, if any were. */
  tellDropped(): void {
    const lines = this.#dropped;
    if (lines === 0) return;
    this.#dropped = 0;
    this.#write({ event: 'dropped', lines });
  }

  /** The last line: written in any case, after what was left out. */
  finish(event: LoggedEvent): void {
    this.tellDropped();
    this.#write(event);
  }

  #write(event: LoggedEvent): void {
    this.#stream.write(`${this.#lineOf(event)}\n`);
  }
}
