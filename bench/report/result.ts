import type { Case, Contender, Sample } from '../case.ts';
import { figure, median, quotients, spread } from './statistics.ts';

/** What was measured in one round; null is what was not measured. */
export interface Round {
  readonly rate: number | null;
  readonly serverCpuUs: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
}

/** One contender in one case: medians over the rounds. */
export interface Result extends Round {
  readonly case: string;
  readonly contender: string;
  /** The contender that `ratio` and `cpuRatio` compare with. */
  readonly reference: string;
  readonly title: string;
  readonly unit: string;
  readonly better: Case['better'];
  readonly detail: string;
  /**
   * Median over the rounds of its rate over the reference's in the same round; above 1 it is better than the
   * reference.
   */
  readonly ratio: number | null;
  /** Median over the rounds of the reference's CPU time for one operation over its own. */
  readonly cpuRatio: number | null;
  /** Of the rate over the rounds: see {@link spread}. */
  readonly spread: number | null;
  /** Every round, in order; none is left out. */
  readonly rounds: readonly Round[];
}

/** A contender that this machine cannot run. */
export interface LeftOut {
  readonly case: string;
  readonly contender: string;
  readonly reason: string;
}

/** Where, when and how it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly os: string;
  readonly node: string;
  readonly v8: string;
  readonly openssl: string;
  readonly farthing: string;
  /** What the backends call themselves; null where one does not work. */
  readonly backends: { readonly native: string | null; readonly noble: string | null };
  readonly sodiumNative: string | null;
  readonly suites: string;
  readonly date: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly command: string;
  readonly leftOut: readonly LeftOut[];
}

/** All that a run found out: the content of bench/results.json. */
export interface Report {
  readonly machine: Machine;
  readonly results: readonly Result[];
}

/** What a figure is compared by. */
export type Figure = 'rate' | 'serverCpuUs';

/** The samples of all contenders of a case, by the contender's name, each in the order of the rounds. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** The results of a case, in the order of its contenders; those without samples are left out. */
export function summarise(asked: Case, samples: Samples): Result[] {
  const reference = roundsOf(samples.get(asked.reference) ?? []);
  return asked.contenders.flatMap((contender) => {
    const own = samples.get(contender.name);
    return own === undefined || own.length === 0
      ? []
      : [resultOf(asked, contender, roundsOf(own), reference)];
  });
}

function resultOf(asked: Case, contender: Contender, rounds: Round[], reference: Round[]): Result {
  const middle = (key: keyof Round): number | null => median(measured(rounds, key));
  return {
    case: asked.name,
    contender: contender.name,
    rate: middle('rate'),
    serverCpuUs: middle('serverCpuUs'),
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    p999Ms: middle('p999Ms'),
    ratio: median(timesBetter(rounds, reference, 'rate', asked.better)),
    cpuRatio: median(timesBetter(rounds, reference, 'serverCpuUs', 'less')),
    spread: spread(measured(rounds, 'rate')),
    reference: asked.reference,
    title: asked.title,
    unit: asked.unit,
    better: asked.better,
    detail: contender.detail,
    rounds,
  };
}

/** Round by round, how many times better `own` is than `other` by that figure. */
export function timesBetter(
  own: readonly Round[],
  other: readonly Round[],
  by: Figure,
  better: Case['better'],
): number[] {
  const [ours, theirs] = [own.map((round) => round[by]), other.map((round) => round[by])];
  return better === 'more' ? quotients(ours, theirs) : quotients(theirs, ours);
}

function measured(rounds: readonly Round[], key: keyof Round): number[] {
  return rounds.map((round) => round[key]).filter((value) => value !== null);
}

function roundsOf(samples: readonly Sample[]): Round[] {
  return samples.map(({ rate, serverCpuUs, p50Ms, p99Ms, p999Ms }) => ({
    rate: figure(rate),
    serverCpuUs: figure(serverCpuUs),
    p50Ms: figure(p50Ms),
    p99Ms: figure(p99Ms),
    p999Ms: figure(p999Ms),
  }));
}

/** Significant digits of the figures in a file: more than a measurement has. */
const DIGITS = 5;

/** The text of a results file. */
export function reportText(report: Report): string {
  const shorter = (_key: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
  return `${JSON.stringify(report, shorter, 2)}\n`;
}
