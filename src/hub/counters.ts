import { ERRORS, type Method } from '../protocol/index.ts';
import { Tally } from './histogram.ts';
import type { Answered, HubReading } from './reading.ts';

const METHODS = Object.keys({
  register: 0,
  login: 0,
  list: 0,
  pay: 0,
  lookup: 0,
  history: 0,
  friends: 0,
  befriend: 0,
  unfriend: 0,
  exit: 0,
  unknown: 0,
} satisfies Record<Method | 'unknown', 0>) as readonly (Method | 'unknown')[];

const CODES = [...new Set([100, ...Object.values(ERRORS).map(({ code }) => code)])];

const ROW_OF = new Map<string, number>(METHODS.map((method, row) => [method, row * CODES.length]));
const COLUMN_OF = new Map(CODES.map((code, column) => [code, column]));

/** From one transfer to as many as a batch holds. */
const TRANSFER_BOUNDS = [1, 4, 16, 64, 256, 1_024, 4_096];

/** Seconds, from a fast SSD's flush to a disk in trouble. */
const SECOND_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Which counter an answer adds to. What is no method is `unknown`, so that clients cannot make up counters. */
export function answerCell(method: string, code: number): number {
  return (ROW_OF.get(method) ?? (METHODS.length - 1) * CODES.length) + (COLUMN_OF.get(code) ?? 0);
}

/** What the hub counts. Plain numbers: a command adds to one of them, a commit to two more. */
export class HubCounters {
  readonly #clock: () => number;
  readonly #answers = new Array<number>(METHODS.length * CODES.length).fill(0);
  readonly #commitTransfers = new Tally(TRANSFER_BOUNDS);
  readonly #commitSeconds = new Tally(SECOND_BOUNDS);
  #payments = 0;
  #failedCommits = 0;

  /** `clock`: ms of any steady clock; without one, commits take no time. */
  constructor(clock: () => number = () => 0) {
    this.#clock = clock;
  }

  /** A batch was answered: the {@link answerCell} of each answer, and the orders that were carried out. */
  answered(cells: readonly number[], payments: number): void {
    for (const cell of cells) this.#answers[cell] = (this.#answers[cell] ?? 0) + 1;
    this.#payments += payments;
  }

  /** A commit begins; to be told how many transfers it has brought to the disk. */
  startCommit(): (transfers: number) => void {
    const began = this.#clock();
    return (transfers) => {
      if (transfers === 0) return;
      this.#commitTransfers.add(transfers);
      this.#commitSeconds.add((this.#clock() - began) / 1000);
    };
  }

  /** A batch could not be written. */
  failed(): void {
    this.#failedCommits += 1;
  }

  reading(): Pick<
    HubReading,
    'answers' | 'payments' | 'failedCommits' | 'commitTransfers' | 'commitSeconds'
  > {
    return {
      answers: this.#answered(),
      payments: this.#payments,
      failedCommits: this.#failedCommits,
      commitTransfers: this.#commitTransfers.reading(),
      commitSeconds: this.#commitSeconds.reading(),
    };
  }

  #answered(): Answered[] {
    return METHODS.flatMap((method) =>
      CODES.map((code) => ({ method, code, count: this.#answers[answerCell(method, code)] ?? 0 })),
    ).filter(({ count }) => count > 0);
  }
}
