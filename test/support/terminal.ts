import type { TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import { ScreenModel } from './screen-model.ts';

/**
 * Milliseconds for one expectation, on a machine busy with other work. Only a failing test ever waits so
 * long.
 */
const EXPECT_LIMIT_MS = 30_000;

export interface TerminalOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * A program in a terminal of its own, as a person sees and uses it. A test reads as a transcript:
 *
 *     await alice.expect('> ');
 *     alice.type('register alice');
 *     await alice.expect('100 OK');
 */
export class Terminal {
  /** What a person sees now, the lines that have scrolled away included. */
  readonly screen: ScreenModel;
  /** Resolves to the exit status. */
  readonly ended: Promise<number>;
  readonly #pty: IPty;
  /** All that was written, without colours and movements of the cursor. */
  #written = '';
  /** All that was written, as it was. */
  raw = '';
  /** How far the expectations have come in it. */
  #seen = 0;
  #isOver = false;
  #changed = Promise.withResolvers<void>();

  constructor(t: TestContext, words: readonly string[], { env, columns = 80, rows = 24 }: TerminalOptions) {
    this.screen = new ScreenModel(columns);
    this.#pty = spawn(process.execPath, [...words], { cols: columns, rows, env });
    this.#pty.onData((data) => {
      this.screen.write(data);
      this.raw += data;
      this.#written += stripVTControlCharacters(data);
      this.#change();
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#isOver = true;
        resolve(signal ? 128 + signal : exitCode);
        this.#change();
      });
    });
    t.after(() => {
      if (!this.#isOver) {
        this.#pty.kill('SIGKILL');
      }
    });
  }

  /** Types a line and the return key. */
  type(line: string): void {
    this.press(`${line}\r`);
  }

  /** Presses keys: characters as they are, or what a terminal sends for a key. */
  press(keys: string): void {
    this.#pty.write(keys);
  }

  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void {
    this.#pty.kill(signal);
  }

  /** Waits until this is written, after what was expected before. */
  async expect(what: string | RegExp): Promise<void> {
    const late = AbortSignal.timeout(EXPECT_LIMIT_MS);
    const expired = new Promise<'late'>((resolve) => {
      late.onabort = () => resolve('late');
    });
    try {
      for (;;) {
        const end = find(this.#written.slice(this.#seen), what);
        if (end !== undefined) {
          this.#seen += end;
          return;
        }
        const why = this.#isOver
          ? 'the program has ended'
          : await Promise.race([this.#changed.promise, expired]);
        if (why !== undefined) {
          throw new Error(`${what} was not written (${why}). The screen:\n${this.screen}`);
        }
      }
    } finally {
      late.onabort = null;
    }
  }

  /** Waits until the lines at the bottom of the screen are these. */
  async expectBottom(...lines: readonly string[]): Promise<void> {
    const expired = AbortSignal.timeout(EXPECT_LIMIT_MS);
    while (this.screen.bottom(lines.length).join('\n') !== lines.join('\n')) {
      if (expired.aborted || this.#isOver) {
        throw new Error(`the screen does not end with\n${lines.join('\n')}\nbut is\n${this.screen}`);
      }
      const tick = setTimeout(() => this.#change(), 100);
      await this.#changed.promise;
      clearTimeout(tick);
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Where what is searched ends. */
function find(text: string, what: string | RegExp): number | undefined {
  if (typeof what === 'string') {
    const start = text.indexOf(what);
    return start === -1 ? undefined : start + what.length;
  }
  const match = what.exec(text);
  return match === null ? undefined : match.index + match[0].length;
}
