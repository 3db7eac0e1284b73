/** The load: all clients of one case, in one process. */
import { serveOrders } from './helper.ts';
import type { LoadOrder, LoadResult, LoadSetup } from './load.ts';
import { Payer, type Watcher } from './payer.ts';
import { percentiles } from './percentile.ts';

/** One round: how many orders went out, and what came of them. */
class Round implements Watcher {
  readonly done: Promise<void>;
  readonly latencies: number[] = [];
  readonly #deadline: number;
  #left: number;
  #ordered = 0;
  #told = 0;
  #over = false;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor({ seconds, payments = Number.POSITIVE_INFINITY }: LoadOrder) {
    this.#deadline = performance.now() + seconds * 1000;
    this.#left = payments;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Counts the order that now goes out, unless the round is over. */
  readonly mayOrder = (): boolean => {
    this.#over ||= this.#ordered === this.#left || performance.now() >= this.#deadline;
    if (this.#over) {
      return false;
    }
    this.#ordered += 1;
    return true;
  };

  answered(latencyMs: number): void {
    this.latencies.push(latencyMs);
    this.#settle();
  }

  paid(): void {
    this.#told += 1;
    this.#settle();
  }

  failed(error: Error): void {
    this.#reject(error);
  }

  /** Every order has its answer, and every payee has been told. */
  #settle(): void {
    const { length } = this.latencies;
    this.#over ||= this.#ordered === this.#left;
    if (this.#over && length === this.#ordered && this.#told === length) {
      this.#resolve();
    }
  }
}

serveOrders<LoadSetup, LoadOrder, LoadResult>(async (setup) => {
  let round = new Round({ seconds: 0 });
  const watcher: Watcher = {
    answered: (latencyMs) => round.answered(latencyMs),
    paid: () => round.paid(),
    failed: (error) => round.failed(error),
  };
  const payers: Payer[] = [];
  for (let n = 0; n < setup.clients; n++) {
    payers.push(await Payer.login(`client${n}`, setup, watcher));
  }
  if (setup.payees === 'hot') {
    await Payer.login('hot', setup, watcher);
  }
  for (const payer of payers) {
    const others = payers.filter((other) => other !== payer).map(({ name }) => name);
    payer.setPayees(setup.payees === 'hot' ? ['hot'] : others);
  }
  return async (order) => {
    round = new Round(order);
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    for (const payer of payers) {
      payer.begin(setup.depth, round.mayOrder);
    }
    await round.done;
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const answered = round.latencies.length;
    return { answered, seconds, cpuUs: (user + system) / answered, ...percentiles(round.latencies) };
  };
});
