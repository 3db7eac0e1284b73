import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a helper answers: what was asked for, or why not. */
export type Answer<T> = { readonly result: T } | { readonly failure: string };

/** A process of the benchmark's own, which does one thing at a time when it is asked to. */
export class Helper<Order extends object, Result> {
  readonly #process: ChildProcess;

  /** Starts one of the programs beside this file. `setup` is what it finds in its last argument, as JSON. */
  constructor(program: string, setup: object) {
    this.#process = fork(join(import.meta.dirname, program), [JSON.stringify(setup)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
  }

  /** Rejects when it could not do it, or has ended. */
  async ask(order: Order): Promise<Result> {
    const ending = new AbortController();
    const options = { signal: ending.signal };
    this.#process.send(order);
    try {
      const [answer] = (await Promise.race([
        once(this.#process, 'message', options),
        once(this.#process, 'exit', options).then(([status]) => [{ failure: `it ended (${status})` }]),
      ])) as [Answer<Result>];
      if ('failure' in answer) {
        throw new Error(answer.failure);
      }
      return answer.result;
    } finally {
      ending.abort();
    }
  }

  /** Ends it, and waits until it has ended. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return;
    }
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

/** In the helper: carries out each order that comes. */
export function serveOrders<Setup, Order, Result>(
  start: (setup: Setup) => Promise<(order: Order) => Promise<Result>>,
): void {
  const started = start(JSON.parse(process.argv.at(-1) ?? '') as Setup);
  process.on('disconnect', () => process.exit());
  process.on('message', (order: Order) => {
    void started
      .then((carryOut) => carryOut(order))
      .then(
        (result): Answer<Result> => ({ result }),
        (error: unknown): Answer<Result> => ({
          failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .then((answer) => process.send?.(answer));
  });
}
