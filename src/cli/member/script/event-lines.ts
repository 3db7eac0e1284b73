import { MAX_EARLY } from '../../limits.ts';
import { LineWriter } from '../../shell/line-writer.ts';
import type { Output } from '../../shell/output.ts';
import { notShownLine } from '../../text/words.ts';

/**
 * The lines of `listen`, in the order of the events. Those of events that come before the login is answered
 * wait until it is.
 */
export class EventLines {
  readonly #lines: LineWriter;
  /** What came before {@link begin}. */
  #early: (() => void)[] | undefined = [];

  constructor(out: Output) {
    this.#lines = new LineWriter(process.stdout, (lines) =>
      out.text({ event: 'dropped', lines }, () => [notShownLine(lines)]),
    );
  }

  /** Money, and the link to the server: written however slow the reader is. `text`: whole lines. */
  always(text: () => string): void {
    const write = () => this.#lines.write(text());
    if (this.#early === undefined) {
      write();
    } else {
      this.#early.push(write);
    }
  }

  /** What others can send without end: left out and counted when it is not read. `text`: whole lines. */
  unlessUnread(text: () => string): void {
    const offer = () => this.#lines.offer(text);
    if (this.#early === undefined) {
      offer();
    } else if (this.#early.length < MAX_EARLY) {
      this.#early.push(offer);
    } else {
      this.#lines.leaveOut();
    }
  }

  /** Writes what came before, and from now on whatever comes. */
  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const write of early) {
      write();
    }
  }

  /** Says how much was left out, if this was not said yet. */
  finish(): void {
    this.#lines.tellDropped();
  }
}
