/** What the load process is told, and what it tells. */
import type { Percentiles } from './percentile.ts';

/** Whom everybody pays: one of the others, each as likely; or all of them one account, which pays nobody. */
export type Payees = 'uniform' | 'hot';

export interface LoadSetup {
  readonly port: number;
  /** The server's key, 64 hex digits. */
  readonly key: string;
  readonly clients: number;
  /** Orders that each client has under way at a time. */
  readonly depth: number;
  readonly payees: Payees;
}

/** A round: orders go out for so many seconds, or until so many are out, and all are waited for. */
export interface LoadOrder {
  readonly seconds: number;
  readonly payments?: number;
}

/** Latencies are from order to answer. */
export interface LoadResult extends Percentiles {
  /** Payments that were answered in this round: all that were ordered. */
  readonly answered: number;
  /** From the first order to the last answer. */
  readonly seconds: number;
  /** CPU time of the load process for each payment, µs: what the clients cost, all together. */
  readonly cpuUs: number;
}
