import { MAX_EARLY } from '../../shell/limits.ts';
import type { Output } from '../../shell/output.ts';
import { UnreadLines } from '../../shell/unread.ts';
import { notShownLine } from '../../text/words.ts';

/** What `listen` has heard, told in its order once it may be told. */
export class Heard {
  readonly #lines: UnreadLines;
  /** What came before {@link begin}. */
  #early: (() => void)[] | undefined = [];

  constructor(out: Output) {
    this.#lines = new UnreadLines(process.stdout, (lines) =>
      out.text({ event: 'dropped', lines }, () => [notShownLine(lines)]),
    );
  }

  /** Money, and the link to the server: told however slow the reader is. `text`: whole lines. */
  certain(text: () => string): void {
    const tell = () => this.#lines.write(text());
    if (this.#early === undefined) tell();
    else this.#early.push(tell);
  }

  /** What others can send without end: left out and counted when it is not read. `text`: whole lines. */
  passing(text: () => string): void {
    const tell = () => this.#lines.offer(text());
    if (this.#early === undefined) tell();
    else if (this.#early.length < MAX_EARLY) this.#early.push(tell);
    else this.#lines.leaveOut();
  }

  /** Tells what came before, and from now on whatever comes. */
  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const tell of early) tell();
  }

  /** Says how much was left out, if this was not said yet. */
  finish(): void {
    this.#lines.tellDropped();
  }
}
