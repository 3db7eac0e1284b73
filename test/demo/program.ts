import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { Line } from './lanes.ts';

/** Milliseconds to wait for a line, on a machine busy with other work. */
const LINE_LIMIT_MS = 30_000;
/** Lines of a program that are shown when it did not write what it should have. */
const LINES_OF_EVIDENCE = 12;

/** The lines of all programs, counted in the order in which they were seen. */
let linesSeen = 0;

interface Waiter {
  readonly pattern: RegExp;
  resolve(match: RegExpExecArray): void;
  reject(error: Error): void;
}

/** A program as its user sees it: lines typed to it, and the lines that it writes. */
export class Program {
  readonly name: string;
  /** Resolves when the program has ended and everything that it wrote has been read. */
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #shown: Line[] = [];
  readonly #unread: string[] = [];
  #taken = 0;
  #waiter: Waiter | undefined;
  #alive = true;

  constructor(name: string, file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.name = name;
    this.#process = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#process;
    stdin?.on('error', () => {}); // it may have ended meanwhile: `ended` tells
    for (const stream of [stdout, stderr]) {
      if (stream !== null) {
        createInterface({ input: stream }).on('line', (text) => this.#read(text));
      }
    }
    this.ended = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      this.#process.on('close', (status) => {
        this.#alive = false;
        this.#waiter?.reject(this.#missing(this.#waiter.pattern, `it ended with status ${status}`));
        resolve(status);
      });
    });
    this.ended.catch((error: Error) => this.#waiter?.reject(error));
  }

  /** Types a line. */
  type(text: string): void {
    this.#show(text, true);
    this.#process.stdin?.write(`${text}\n`);
  }

  /** The next line that matches; those before it are passed over. Rejects when none comes. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (let text = this.#unread.shift(); text !== undefined; text = this.#unread.shift()) {
      const match = pattern.exec(text);
      if (match !== null) {
        return match;
      }
    }
    if (!this.#alive) {
      throw this.#missing(pattern, 'it has ended');
    }
    const late = AbortSignal.timeout(LINE_LIMIT_MS);
    return new Promise((resolve, reject) => {
      late.onabort = () => reject(this.#missing(pattern, `nothing such in ${LINE_LIMIT_MS / 1000} s`));
      this.#waiter = { pattern, resolve, reject };
    }).finally(() => {
      late.onabort = null;
      this.#waiter = undefined;
    }) as Promise<RegExpExecArray>;
  }

  /** Waits until the program has ended; rejects unless it ended well. */
  async done(): Promise<void> {
    const status = await this.ended;
    if (status !== 0) {
      throw new Error(`${this.name} ended with status ${status}.${this.#evidence()}`);
    }
  }

  /** Passes over every line that has come until now. */
  forget(): void {
    this.#unread.length = 0;
  }

  /** What came since the last call, for the transcript. */
  take(): Line[] {
    const lines = this.#shown.slice(this.#taken);
    this.#taken = this.#shown.length;
    return lines;
  }

  /** Presses Ctrl-C. */
  interrupt(): void {
    this.#show('^C', true);
    this.signal('SIGINT');
  }

  /** Sends a signal, if it still runs. */
  signal(signal: NodeJS.Signals): void {
    if (this.#alive) {
      this.#process.kill(signal);
    }
  }

  #show(text: string, typed: boolean): void {
    linesSeen += 1;
    this.#shown.push({ text, typed, order: linesSeen });
  }

  #read(raw: string): void {
    const text = stripVTControlCharacters(raw).trimEnd();
    if (text === '') {
      return;
    }
    this.#show(text, false);
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#unread.push(text);
      return;
    }
    const match = waiter.pattern.exec(text);
    if (match !== null) {
      this.#waiter = undefined;
      waiter.resolve(match);
    }
  }

  #missing(pattern: RegExp, why: string): Error {
    return new Error(`${this.name} did not write ${pattern}: ${why}.${this.#evidence()}`);
  }

  #evidence(): string {
    const last = this.#shown.slice(-LINES_OF_EVIDENCE).map(({ text, typed }) => (typed ? `> ${text}` : text));
    return [' Its last lines:', ...last].join('\n  ');
  }
}
