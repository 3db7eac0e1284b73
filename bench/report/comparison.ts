import { digits, NONE, percent, times } from './figures.ts';
import { type Figure, type Result, timesBetter } from './result.ts';
import { median, spread } from './statistics.ts';
import { aligned } from './table.ts';

/**
 * A ratio may change by so much, whatever the rounds of the two runs say: the machine is another one each
 * day.
 */
const LEAST_TOLERANCE = 0.1;

/** How one ratio compares with what it was. */
export interface Change {
  readonly case: string;
  readonly contender: string;
  readonly by: 'rate' | 'server CPU';
  readonly before: number | null;
  readonly now: number | null;
  /** The share by which the two may differ without a meaning. */
  readonly tolerance: number;
  readonly outcome: 'OK' | 'worse' | 'better' | 'not compared';
}

const FIGURES: readonly { figure: Figure; by: Change['by'] }[] = [
  { figure: 'rate', by: 'rate' },
  { figure: 'serverCpuUs', by: 'server CPU' },
];

/** How the ratios of Farthing's contenders have changed; those of the references are always 1. */
export function changes(before: readonly Result[], now: readonly Result[]): Change[] {
  return now
    .filter(({ contender, reference }) => contender.startsWith('farthing') && contender !== reference)
    .flatMap((result) => FIGURES.flatMap(({ figure, by }) => changeOf(before, now, result, figure, by)));
}

function changeOf(
  before: readonly Result[],
  now: readonly Result[],
  { case: name, contender }: Result,
  figure: Figure,
  by: Change['by'],
): Change[] {
  const [old, fresh] = [ratiosOf(before, name, contender, figure), ratiosOf(now, name, contender, figure)];
  if (old.length === 0 && fresh.length === 0) {
    return [];
  }
  const tolerance = toleranceOf(old, fresh);
  const [was, is] = [median(old), median(fresh)];
  return [
    { case: name, contender, by, before: was, now: is, tolerance, outcome: outcomeOf(was, is, tolerance) },
  ];
}

/** The ratio of each round. */
function ratiosOf(results: readonly Result[], name: string, contender: string, figure: Figure): number[] {
  const of = (asked: string | undefined): Result | undefined =>
    results.find((result) => result.case === name && result.contender === asked);
  const own = of(contender);
  const reference = of(own?.reference);
  if (own === undefined || reference === undefined) {
    return [];
  }
  return timesBetter(own.rounds, reference.rounds, figure, figure === 'rate' ? own.better : 'less');
}

/**
 * Half of what each run's rounds lie apart, together: so far the medians may stray if nothing has changed.
 */
function toleranceOf(old: readonly number[], fresh: readonly number[]): number {
  return Math.max(LEAST_TOLERANCE, ((spread(old) ?? 0) + (spread(fresh) ?? 0)) / 2);
}

function outcomeOf(was: number | null, is: number | null, tolerance: number): Change['outcome'] {
  if (was === null || is === null) {
    return 'not compared';
  }
  if (is * (1 + tolerance) < was) {
    return 'worse';
  }
  return is > was * (1 + tolerance) ? 'better' : 'OK';
}

/** The changes for a terminal. */
export function changeTable(all: readonly Change[]): string {
  const rows = all.map((change) => [
    `${change.case}, ${change.contender}: ${change.by}`,
    times(change.before),
    times(change.now),
    change.before === null || change.now === null ? NONE : `${digits((100 * change.now) / change.before)} %`,
    `± ${percent(change.tolerance)}`,
    change.outcome,
  ]);
  return aligned([['', 'baseline', 'now', 'of it', 'allowed', ''], ...rows]).join('\n');
}
