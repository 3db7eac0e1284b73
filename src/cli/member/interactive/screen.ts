import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { MAX_HISTORY_LINES, MAX_WAITING_LINES } from '../../limits.ts';
import { LineWriter } from '../../shell/line-writer.ts';
import type { Output } from '../../shell/output.ts';
import { notShownLine } from '../../text/words.ts';
import { type Completions, complete } from './completion.ts';
import { Keys } from './keys.ts';

/** A line that was typed, or why there is none. */
export type Reading =
  | { readonly line: string }
  /** Ctrl-C on an empty line. */
  | 'interrupted'
  /** Ctrl-D, or the end of the file. */
  | 'ended';

export interface ScreenOptions {
  readonly out: Output;
  /** The commands typed before, newest first. */
  readonly history: readonly string[];
  /** Whose names Tab offers. */
  readonly names: () => Iterable<string>;
  /** Ctrl-C while nobody waits for a line. */
  readonly onInterrupt: () => void;
}

/**
 * The lines that a person types and the lines that they are shown. Whatever is shown while they type goes
 * above the line that they are typing, which stays whole. Without a terminal (a pipe, a file) there are no
 * prompts.
 */
export class Screen {
  /** Is a person sitting there? */
  readonly isTerminal: boolean = process.stdin.isTTY === true && process.stdout.isTTY === true;
  /**
   * A terminal whose cursor can be moved; a dumb one gets prompts, and what comes is written where the cursor
   * stands.
   */
  readonly #canMove: boolean = this.isTerminal && process.env['TERM'] !== 'dumb';
  readonly #lines: Interface;
  readonly #out: Output;
  readonly #onInterrupt: () => void;
  readonly #writer = new LineWriter(
    process.stdout,
    (lines) => `${notShownLine(lines)}\n`,
    () => this.print(),
  );
  readonly #waiting: string[] = [];
  #reader: ((reading: Reading) => void) | undefined;
  #ended = false;

  constructor({ out, history, names, onInterrupt }: ScreenOptions) {
    this.#out = out;
    this.#onInterrupt = onInterrupt;
    this.#lines = createInterface({
      input: this.#canMove ? new Keys(process.stdin) : process.stdin,
      ...(this.isTerminal ? { output: process.stdout } : {}),
      terminal: this.#canMove,
      history: [...history],
      historySize: MAX_HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: (line: string): Completions => complete(line, names()),
      prompt: '',
    });
    this.#lines.on('line', (line) => this.#took(line));
    this.#lines.on('SIGINT', () => this.#interrupted());
    this.#lines.on('close', () => this.#end());
  }

  /** Columns that a line may have; undefined where a terminal does not say. */
  get columns(): number | undefined {
    return this.#out.width;
  }

  /** The next line. What was typed meanwhile comes first. */
  read(prompt: string): Promise<Reading> {
    const line = this.#waiting.shift();
    if (line !== undefined) {
      return Promise.resolve({ line });
    }
    if (this.#ended) {
      return Promise.resolve('ended');
    }
    return new Promise((resolve) => {
      this.#reader = resolve;
      this.#prompt(prompt);
      this.#lines.resume();
    });
  }

  /**
   * Shows lines, which must be printable. The line being typed is drawn again below them, its cursor where it
   * was.
   */
  print(...lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (!this.#canMove || this.#ended) {
      this.#writer.write(text);
      if (this.#reader !== undefined && !this.#ended) {
        this.#lines.prompt();
      }
      return;
    }
    const { rows } = this.#lines.getCursorPos();
    moveCursor(process.stdout, 0, -rows);
    cursorTo(process.stdout, 0);
    clearScreenDown(process.stdout);
    // Readline draws its line as many rows above the cursor as the cursor was below the beginning of the
    // line.
    this.#writer.write(text + '\n'.repeat(rows));
    this.#lines.prompt(true);
  }

  /** Shows lines that others can send without end: those that wait too long for a reader are left out. */
  offer(...lines: readonly string[]): void {
    if (this.#writer.isFull()) {
      this.#writer.leaveOut();
    } else {
      this.print(...lines);
    }
  }

  /**
   * Reads no more, and gives the terminal back as it was. What is shown from now on stands where the cursor
   * is.
   */
  close(): void {
    if (!this.#ended) {
      this.#leaveLine();
    }
    this.#ended = true;
    this.#waiting.length = 0;
    this.#lines.close();
    this.#answer('ended');
  }

  /** Goes below the line being typed, where one stands. */
  #leaveLine(): void {
    if (this.#canMove) {
      const { rows, cols } = this.#lines.getCursorPos();
      if (rows === 0 && cols === 0) {
        return;
      }
      this.#lines.write(null, { ctrl: true, name: 'e' });
      process.stdout.write('\n');
    } else if (this.isTerminal && this.#reader !== undefined) {
      process.stdout.write('\n');
    }
  }

  #prompt(prompt: string): void {
    if (!this.isTerminal) {
      return;
    }
    this.#lines.setPrompt(prompt);
    this.#lines.prompt(true);
  }

  #took(line: string): void {
    // Until somebody waits for the next line, what is typed stands there without a prompt.
    this.#lines.setPrompt('');
    if (this.#reader === undefined) {
      this.#waiting.push(line);
      if (this.#waiting.length >= MAX_WAITING_LINES) {
        this.#lines.pause();
      }
    } else {
      this.#answer({ line });
    }
  }

  #interrupted(): void {
    if (this.#lines.line !== '') {
      this.#lines.write(null, { ctrl: true, name: 'e' });
      this.#lines.write(null, { ctrl: true, name: 'u' });
    } else if (this.#reader === undefined) {
      this.#onInterrupt();
    } else {
      process.stdout.write('\n');
      this.#lines.setPrompt('');
      this.#answer('interrupted');
    }
  }

  #end(): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    if (this.isTerminal) {
      process.stdout.write('\n');
    }
    this.#answer('ended');
  }

  #answer(reading: Reading): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(reading);
  }
}
