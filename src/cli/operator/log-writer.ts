import type { Writable } from 'node:stream';
import type { ServerEvent } from '../../server/index.ts';
import type { Output } from '../output.ts';
import { logLine } from './log.ts';

/**
 * Writes the log as fast as it is read: while its reader lags behind, lines are counted and left out, so that a log
 * which nobody reads takes no memory. How many were left out is said as soon as lines are read again.
 */
export class LogWriter {
  readonly #out: Output;
  readonly #stream: Writable;
  #dropped = 0;

  constructor(out: Output, stream: Writable = process.stdout) {
    this.#out = out;
    this.#stream = stream;
    stream.on('drain', () => this.tellDropped());
  }

  /** Writes the line of an event, or counts it. */
  write(event: ServerEvent): void {
    if (this.#stream.writableNeedDrain) this.#dropped += 1;
    else this.#stream.write(this.#out.text(event, () => [logLine(event, this.#out.paint)]));
  }

  /** Says how many lines were left out since this was last said, if any were. */
  tellDropped(): void {
    const lines = this.#dropped;
    if (lines === 0) return;
    this.#dropped = 0;
    const words = lines === 1 ? '1 line was not shown' : `${lines} lines were not shown`;
    this.#stream.write(this.#out.text({ event: 'dropped', lines }, () => [words]));
  }
}
