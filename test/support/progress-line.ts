/** How often a line is written, in ms: on a terminal one line that changes, elsewhere one after the other. */
const PAUSE_MS = process.stderr.isTTY ? 250 : 15_000;

const CLEAR = process.stderr.isTTY ? '\r\u001b[K' : '';
const END = process.stderr.isTTY ? '' : '\n';

/** Tells on standard error how far something long has come. */
export class ProgressLine {
  #shown = performance.now();

  /** Writes the line, unless one was written a moment ago. */
  show(line: () => string): void {
    const now = performance.now();
    if (now - this.#shown < PAUSE_MS) {
      return;
    }
    this.#shown = now;
    process.stderr.write(`${CLEAR}${line()}${END}`);
  }

  /** Takes away what is on the terminal. */
  clear(): void {
    process.stderr.write(CLEAR);
  }
}
