import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Cleanup } from '../../support/programs.ts';
import type { Target } from './target.ts';

const PROGRAM = join(import.meta.dirname, 'flood.process.ts');

export interface FloodOptions {
  readonly count: number;
  /** The address from which all come, or `many`: each from another. */
  readonly from: string;
  /** What each sends. */
  readonly bytes?: Uint8Array;
}

/** How a flood stands. */
export interface Tide {
  /** Connections that the server's system has taken. */
  readonly opened: number;
  readonly over: number;
  /** Bytes that the server has sent. */
  readonly heard: number;
}

/** A flood of connections that stay until the server ends them. */
export class Flood {
  /** No connection is on its way any more. */
  readonly here: Promise<Tide>;
  /** All are over. */
  readonly over: Promise<Tide>;
  readonly #process: ChildProcess;

  constructor(cleanup: Cleanup, target: Target, { count, from, bytes = new Uint8Array(0) }: FloodOptions) {
    const words = [PROGRAM, target.port, count, from, Buffer.from(bytes).toString('hex')].map(String);
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanup.after(() => void child.kill('SIGKILL'));
    this.#process = child;
    const here = Promise.withResolvers<Tide>();
    const over = Promise.withResolvers<Tide>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const tide = JSON.parse(line) as Tide & { event: string };
      (tide.event === 'all here' ? here : over).resolve(tide);
    });
    child.on('close', () => over.reject(new Error('the flood has dried up')));
    this.here = here.promise;
    this.over = over.promise;
    this.over.catch(() => {});
  }

  /** Ends all connections at once. */
  async drain(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return;
    }
    const gone = new Promise<void>((resolve) => this.#process.on('close', () => resolve()));
    this.#process.kill('SIGKILL');
    await gone;
  }
}
