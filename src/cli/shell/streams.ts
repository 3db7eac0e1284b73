/** The standard streams of a process whose reader may go away, lag behind, or have no room left. */
import type { Writable } from 'node:stream';
import { LAST_WORDS_DEADLINE_MS } from '../limits.ts';
import { ENDING_SIGNALS, EXIT, type ExitStatus, isSignalled } from './exit-status.ts';

/**
 * Watches standard output and standard error from the moment it is made: no error of theirs is ever thrown.
 */
export class StandardStreams {
  readonly #program: string;
  #outlivesOutput = false;
  /** What has kept standard output from being written, as the system says it. */
  #failure: string | undefined;
  #warned = false;

  /** `program`: whose name begins each warning. */
  constructor(program: string) {
    this.#program = program;
    process.stdout.on('error', (error: NodeJS.ErrnoException) => this.#outputFailed(error));
    // There is no other place where that could be said.
    process.stderr.on('error', () => {});
  }

  /**
   * From now on standard output is only a log: without it the program goes on, and ends as if it had been
   * written.
   */
  outliveOutput(): void {
    this.#outlivesOutput = true;
  }

  /**
   * Ends the process once what was written has been read. `status` is replaced by {@link EXIT.unwritten} when
   * all went well but the answer was lost. A signal, or a mere log, does not wait long for a slow reader.
   */
  async finish(status: ExitStatus): Promise<never> {
    process.exitCode = status;
    // Whoever has had enough of waiting can end it as they would end any program.
    for (const signal of ENDING_SIGNALS) {
      process.removeAllListeners(signal);
    }
    const hasDeadline = this.#outlivesOutput || isSignalled(status);
    if (hasDeadline) {
      setTimeout(() => process.exit(status), LAST_WORDS_DEADLINE_MS);
    }
    await written(process.stdout);
    const isLost = this.#failure !== undefined && !this.#outlivesOutput;
    if (isLost) {
      const done = status === EXIT.done ? '; what was asked has been done' : '';
      process.stderr.write(`${this.#program}: could not write the answer: ${this.#failure}${done}\n`);
    }
    await written(process.stderr);
    process.exit(isLost && status === EXIT.done ? EXIT.unwritten : status);
  }

  /**
   * Whoever reads our output may stop reading, as `head` does (EPIPE), or close the terminal (EIO): that is
   * no error of anyone, and ends quietly whatever works for that reader alone.
   */
  #outputFailed(error: NodeJS.ErrnoException): void {
    const isReaderGone = error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY);
    if (isReaderGone) {
      if (!this.#outlivesOutput) {
        process.exit(process.exitCode ?? EXIT.done);
      }
      return;
    }
    this.#failure ??= error.message;
    if (!this.#outlivesOutput || this.#warned) {
      return;
    }
    this.#warned = true;
    process.stderr.write(
      `${this.#program}: the log cannot be written: ${error.message}. It goes on without\n`,
    );
  }
}

/** Resolves when everything written so far has been handed on, or never can be. */
function written(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
