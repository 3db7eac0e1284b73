import type { Doings } from './habits.ts';

/** How a simulation went. */
export interface Figures extends Doings {
  steps: number;
  turns: number;
  crashes: number;
  /** Turns whose commit, or what comes before it, failed. */
  failures: number;
  cuts: number;
  /** Gateways that crashed alone. */
  gateways: number;
  /** What the operator has done, in all books. */
  operations: number;
  accounts: number;
  transfers: number;
}

export function newFigures(): Figures {
  return {
    steps: 0,
    turns: 0,
    crashes: 0,
    failures: 0,
    cuts: 0,
    gateways: 0,
    operations: 0,
    accounts: 0,
    transfers: 0,
    links: 0,
    requests: 0,
    retries: 0,
    payments: 0,
    refusals: 0,
    notifications: 0,
    unknown: 0,
  };
}

/** Something was not as it must be. */
export class SimulationFailure extends Error {
  override readonly name = 'SimulationFailure';
  readonly seed: number;
  readonly step: number;

  constructor(seed: number, step: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.seed = seed;
    this.step = step;
  }
}
