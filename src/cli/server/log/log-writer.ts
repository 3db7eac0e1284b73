import type { Writable } from 'node:stream';
import { MAX_LOG_WAITING, MAX_MESSAGES_WAITING } from '../../limits.ts';
import { LineWriter } from '../../shell/line-writer.ts';
import type { LineOf, LoggedEvent } from './log.ts';

/**
 * Writes the log as fast as it is read. Of a log that nobody reads the lines of requests and answers are left
 * out first: who came and went, what the operator did and warnings are worth more.
 */
export class LogWriter {
  readonly #lineOf: LineOf;
  readonly #lines: LineWriter;

  constructor(lineOf: LineOf, stream: Writable = process.stdout) {
    this.#lineOf = lineOf;
    this.#lines = new LineWriter(stream, (lines) => this.#text({ event: 'dropped', lines }));
  }

  /** Writes the line of an event, or counts it. */
  write(event: LoggedEvent): void {
    this.#lines.offer(() => this.#text(event), this.#maxWaiting(event));
  }

  /** The last line: written in any case, after what was left out. */
  finish(event: LoggedEvent): void {
    this.#lines.write(this.#text(event));
  }

  /**
   * Bytes that may wait before this one. Once messages were left out, they are taken again when half has been
   * read.
   */
  #maxWaiting({ event }: LoggedEvent): number {
    if (event !== 'message') {
      return MAX_LOG_WAITING;
    }
    return this.#lines.dropped === 0 ? MAX_MESSAGES_WAITING : MAX_MESSAGES_WAITING / 2;
  }

  #text(event: LoggedEvent): string {
    return `${this.#lineOf(event)}\n`;
  }
}
