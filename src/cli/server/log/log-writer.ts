import type { Writable } from 'node:stream';
import { MAX_LOG_WAITING, MAX_MESSAGES_WAITING } from '../../shell/limits.ts';
import type { LineOf, LoggedEvent } from './log.ts';

/**
 * Writes the log as fast as it is read: a burst may wait for its reader, but of a log that nobody reads lines are counted
 * and left out, so that it takes no more memory. First those of requests and answers: who came and went, what the operator
 * did and warnings are worth more. How many were left out is said in their place.
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
    if (this.#stream.writableLength >= this.#room(event)) {
      this.#dropped += 1;
      return;
    }
    // Said where the gap is.
    this.tellDropped();
    this.#write(event);
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

  /** Bytes that may wait before this one. Once messages were left out, they are taken again when half has been read. */
  #room({ event }: LoggedEvent): number {
    if (event !== 'message') return MAX_LOG_WAITING;
    return this.#dropped === 0 ? MAX_MESSAGES_WAITING : MAX_MESSAGES_WAITING / 2;
  }

  #write(event: LoggedEvent): void {
    this.#stream.write(`${this.#lineOf(event)}\n`);
  }
}
