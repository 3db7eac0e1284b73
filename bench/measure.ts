import { constants } from 'node:os';
import type { Case } from './case.ts';
import { endDescendants } from './descendants.ts';
import { machine } from './machine.ts';
import { Progress } from './progress.ts';
import { type LeftOut, type Report, type Result, summarise } from './report/result.ts';
import { type Observer, runCase } from './rounds.ts';

export interface Run {
  readonly cases: readonly Case[];
  /** Of a round. */
  readonly seconds: number;
  readonly rounds: number;
  /** What a person types to have the same measured. */
  readonly command: string;
}

/** Somebody has sent SIGINT or SIGTERM. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What a shell expects as exit status. */
  readonly status: number;

  constructor(signal: NodeJS.Signals) {
    super(signal);
    this.status = 128 + constants.signals[signal];
  }
}

/**
 * Measures case after case, and tells on standard error how far it is. Throws ContenderError, Interrupted;
 * whatever it throws, what was started has ended.
 */
export async function measureAll({ cases, seconds, rounds, command }: Run): Promise<Report> {
  const leftOut: LeftOut[] = [];
  const results: Result[] = [];
  const progress = new Progress(cases, rounds, seconds);
  const observer: Observer = {
    step: (...step) => progress.step(...step),
    stepped: () => progress.stepped(),
    leftOut(asked, contender, reason) {
      leftOut.push({ case: asked.name, contender, reason });
      progress.leftOut(asked, contender, reason);
    },
  };
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => interruption.abort(new Interrupted(signal));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    for (const asked of cases) {
      const samples = await runCase(asked, { rounds, seconds, signal: interruption.signal }, observer);
      results.push(...summarise(asked, samples));
    }
  } catch (error) {
    endDescendants();
    throw error;
  } finally {
    progress.end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
  return { machine: machine({ seconds, rounds, command }, leftOut), results };
}
