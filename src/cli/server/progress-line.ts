import type { WriteStream } from 'node:tty';
import type { Progress } from '../../operator/index.ts';
import { PROGRESS_PAUSE_MS } from '../limits.ts';
import type { Output } from '../shell/output.ts';

const CLEAR = '\r\u001b[K';

/**
 * One line on a terminal that says how far something long has come, and is gone at its end. Elsewhere nothing
 * is written.
 */
export class ProgressLine {
  readonly #stream: Pick<WriteStream, 'write'> | undefined;
  readonly #now: () => number;
  #what: string | undefined;
  #done = 0;
  /** When what is shown began, and when it was last shown, ms. */
  #began = 0;
  #shown = Number.NEGATIVE_INFINITY;

  constructor(
    out: Output,
    stream: Pick<WriteStream, 'write' | 'isTTY'> = process.stderr,
    now: () => number = () => performance.now(),
  ) {
    const isShown = stream.isTTY && !out.quiet && process.env['TERM'] !== 'dumb';
    this.#stream = isShown ? stream : undefined;
    this.#now = now;
  }

  readonly show: Progress = (what, done, all) => {
    if (this.#stream === undefined) {
      return;
    }
    const now = this.#now();
    if (what !== this.#what || done < this.#done) {
      this.#began = now;
    }
    this.#what = what;
    this.#done = done;
    if (now - this.#shown < PROGRESS_PAUSE_MS && done < all) {
      return;
    }
    this.#shown = now;
    this.#stream.write(`${CLEAR}${sentence(what, done, all, now - this.#began)}`);
  };

  clear(): void {
    if (this.#shown > Number.NEGATIVE_INFINITY) {
      this.#stream?.write(CLEAR);
    }
    this.#shown = Number.NEGATIVE_INFINITY;
  }
}

function sentence(what: Parameters<Progress>[0], done: number, all: number, elapsedMs: number): string {
  const left = done > 0 && done < all ? `, ${seconds((elapsedMs * (all - done)) / done)} left` : '';
  if (what === 'copy') {
    return `Copying: ${all === 0 ? 100 : Math.floor((100 * done) / all)} %${left}`;
  }
  if (done >= all) {
    return `Checking: ${count(all)} transfers carried out, now the file itself`;
  }
  return `Checking: ${count(done)} of ${count(all)} transfers${left}`;
}

function count(transfers: number): string {
  return transfers.toLocaleString('en');
}

function seconds(ms: number): string {
  const whole = Math.ceil(ms / 1000);
  return whole < 120 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}
