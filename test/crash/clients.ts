import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(import.meta.dirname, 'clients.process.ts');
/** Milliseconds without an answer after which something is broken: a server starts in half a second. */
const STALL_MS = 60_000;

export interface ClientsOptions {
  /** Path of their journal. */
  readonly journal: string;
  readonly port: number;
  /** 64 hex digits. */
  readonly serverKey: string;
  readonly names: readonly string[];
  readonly seed: number;
  /** Orders that each of them has under way at once. */
  readonly depth: number;
}

/** The process of the people who pay each other. */
export class Clients {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  #answers = 0;
  #heard = Promise.withResolvers<void>();

  constructor(options: ClientsOptions, env: NodeJS.ProcessEnv) {
    this.#process = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#exited = once(this.#process, 'exit');
    this.#process.stdin?.on('error', () => {});
    if (this.#process.stdout === null) {
      throw new Error('no standard output');
    }
    createInterface(this.#process.stdout).on('line', (line) => {
      this.#answers = Number(line);
      this.#heard.resolve();
      this.#heard = Promise.withResolvers();
    });
  }

  /** Resolves when they have had so many more answers. */
  async answered(more: number): Promise<void> {
    const enough = this.#answers + more;
    while (this.#answers < enough) {
      await within(STALL_MS, this.#heard.promise, 'no payment is answered');
    }
  }

  /** Ends them at once. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** Has every order answered, and ends them. */
  async stop(): Promise<void> {
    this.#process.stdin?.write('stop\n');
    await within(STALL_MS, this.#exited, 'not every order finds its answer');
  }
}

/** Rejects when it takes longer. */
export async function within<T>(ms: number, work: Promise<T>, problem: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${problem} within ${ms / 1_000} s`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
