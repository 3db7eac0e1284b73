import { ERRORS, METHODS, type Method, OK } from '../../protocol/index.ts';
import { codeOf, type Effect } from '../effects.ts';
import { Histogram } from './histogram.ts';
import type { AnswerCount, HubReading } from './reading.ts';

/** What answers are counted by. What is no method is `unknown`, so that clients cannot make up counters. */
const COUNTED = [...(Object.keys(METHODS) as Method[]), 'unknown'] as const;

const CODES = [...new Set<number>([OK.code, ...Object.values(ERRORS).map(({ code }) => code)])];

const ROW_OF = new Map(COUNTED.map((method, row) => [method, row * CODES.length]));
const COLUMN_OF = new Map(CODES.map((code, column) => [code, column]));

function cellOf(method: Method | 'unknown', code: number): number {
  return (ROW_OF.get(method) ?? 0) + (COLUMN_OF.get(code) ?? 0);
}

/** From one transfer to as many as a batch holds. */
const TRANSFER_BOUNDS = [1, 4, 16, 64, 256, 1_024, 4_096];

/** Seconds, from a fast SSD's flush to a disk in trouble. */
const SECOND_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What the hub counts. Plain numbers: a command adds to one of them, a commit to two more. */
export class HubCounters {
  readonly #clock: () => number;
  readonly #answers = new Array<number>(COUNTED.length * CODES.length).fill(0);
  readonly #commitTransfers = new Histogram(TRANSFER_BOUNDS);
  readonly #commitSeconds = new Histogram(SECOND_BOUNDS);
  #payments = 0;
  #failedCommits = 0;

  /** `clock`: ms of any steady clock; without one, commits take no time. */
  constructor(clock: () => number = () => 0) {
    this.#clock = clock;
  }

  /** A batch is on disk: its answers, and the orders that were carried out. */
  count(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'answer') {
        const cell = cellOf(effect.method, codeOf(effect.outcome));
        this.#answers[cell] = (this.#answers[cell] ?? 0) + 1;
      } else if (effect.type === 'payment') {
        this.#payments += 1;
      }
    }
  }

  /** A commit begins; to be told how many transfers it has brought to the disk. */
  startCommit(): (transfers: number) => void {
    const began = this.#clock();
    return (transfers) => {
      if (transfers === 0) {
        return;
      }
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

  #answered(): AnswerCount[] {
    return COUNTED.flatMap((method) =>
      CODES.map((code) => ({ method, code, count: this.#answers[cellOf(method, code)] ?? 0 })),
    ).filter(({ count }) => count > 0);
  }
}
