import { Worker } from 'node:worker_threads';
import type { Ended, Failure, Order, Progress, Shared } from './exchange.ts';
import type { Target } from './target.ts';

/** Megabytes of heap: an input that makes a target take more is a finding. */
const MAX_HEAP_MB = 512;

/** What to search for, and when to end. */
export interface SearchOptions {
  readonly target: Target;
  /** The target's name, or the file that exports it. */
  readonly name: string;
  readonly seed: number;
  readonly runs: number;
  readonly keep: boolean;
  /** One input that runs longer than this has got stuck, in ms. */
  readonly stuckMs: number;
}

/** What a search came to. */
export interface Found {
  readonly progress: Progress;
  readonly failures: readonly Failure[];
  readonly kept: readonly Uint8Array[];
}

const NONE: Progress = {
  type: 'progress',
  executions: 0,
  corpus: 0,
  coverage: { seen: 0, all: 0 },
  crashes: [],
};

/** A search in a thread of its own, which is ended when an input gets stuck in it or takes all its memory. */
export class Search {
  progress: Progress = NONE;
  readonly #worker: Worker;
  readonly #shared: Shared;
  readonly #stuckMs: number;
  #failures: Failure[] = [];
  #kept: readonly Uint8Array[] = [];

  constructor({ target, name, seed, runs, keep, stuckMs }: SearchOptions) {
    this.#stuckMs = stuckMs;
    this.#shared = {
      counters: new Int32Array(new SharedArrayBuffer(12)),
      input: new Uint8Array(new SharedArrayBuffer(target.maxLength)),
    };
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: { target: name, seed, runs, keep, shared: this.#shared } satisfies Order,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    this.#worker.on('message', (message: Progress | Ended) => {
      if (message.type === 'progress') {
        this.progress = message;
      } else {
        this.#kept = message.kept;
      }
    });
    this.#worker.on('error', (error) => this.#blame(error));
  }

  /** Asks the search to end after what runs now. */
  stop(): void {
    Atomics.store(this.#shared.counters, 0, 1);
  }

  /** Resolves when the search has ended: by itself, asked to, or cut off. */
  async end(): Promise<Found> {
    const watch = this.#watch();
    await new Promise((resolve) => this.#worker.once('exit', resolve));
    clearInterval(watch);
    return {
      progress: this.progress,
      failures: [...this.progress.crashes, ...this.#failures],
      kept: this.#kept,
    };
  }

  #watch(): NodeJS.Timeout {
    let runs = 0;
    let since = performance.now();
    return setInterval(() => {
      const now = performance.now();
      const count = Atomics.load(this.#shared.counters, 1);
      if (count !== runs || count === 0) {
        runs = count;
        since = now;
      } else if (now - since > this.#stuckMs) {
        this.#blame(new Error(`stuck for ${this.#stuckMs / 1_000} seconds`));
        void this.#worker.terminate();
      }
    }, this.#stuckMs / 4);
  }

  /** The thread is lost, and with it whatever it knew but the input that it ran. */
  #blame(error: unknown): void {
    const { counters, input } = this.#shared;
    if (counters[1] === 0) {
      throw error;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const kind = error instanceof Error ? error.message : text;
    this.#failures.push({ kind, input: Uint8Array.from(input.subarray(0, counters[2])), text });
  }
}
