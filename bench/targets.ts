import { digits, NONE, percent, times } from './report/figures.ts';
import { type Figure, type Result, timesBetter } from './report/result.ts';
import { median, quotients } from './report/statistics.ts';

/** What is to be reached, and how the figure comes out of the results. */
export interface Target {
  /** For people: what is compared with what, by which figure. */
  readonly text: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit: Unit;
  /** Null when something that it takes was not measured. */
  readonly value: Value;
  /** The same comparison by the rate, where something else decides. */
  readonly rate?: Value;
}

type Value = (results: readonly Result[]) => number | null;

type Unit = '×' | 'KiB' | '%';

/** How a target came out. */
export interface Verdict {
  readonly target: Target;
  readonly value: number | null;
  readonly shown: string;
  /** By the rate; empty where that is the figure itself, or says nothing. */
  readonly rate: string;
  readonly bound: string;
  readonly outcome: 'met' | 'missed' | 'not measured';
}

/** The cases that compare links, and what is carried over them. */
export const LINK_CASES = [
  'handshake',
  'handshake-pq',
  'echo-64-seq',
  'echo-64-deep',
  'echo-64-conns',
  'echo-16k-deep',
  'bulk',
  'idle-memory',
  'pay',
];

/**
 * What the links are to reach, on Node 26 with the native backend. Server CPU time for one operation decides
 * between protocols: with client and server on the same cores, the rate holds the client's work as well.
 */
export const TARGETS: readonly Target[] = [
  against('handshake', 'tls', 4, 'node:tls', 'rate'),
  against('handshake', 'tls', 4, 'node:tls', 'serverCpuUs'),
  against('handshake', 'tls-resumed', 2.5, 'resumed node:tls', 'serverCpuUs'),
  against('handshake-pq', 'tls-mlkem', 3.5, 'node:tls with ML-KEM', 'serverCpuUs'),
  {
    text: "handshake: the responder's CPU, to its X25519 operations alone",
    atMost: 1.8,
    unit: '×',
    value: (results) => {
      const whole = resultAt(results, 'handshake', 'farthing');
      const alone = resultAt(results, 'primitives-responder', 'farthing');
      return quotients([whole?.serverCpuUs ?? null], [alone?.serverCpuUs ?? null])[0] ?? null;
    },
  },
  against('echo-64-seq', 'tls', 1.6, 'node:tls', 'serverCpuUs'),
  against('echo-64-deep', 'tls', 1.2, 'node:tls', 'serverCpuUs'),
  against('echo-64-conns', 'tls', 2.2, 'node:tls', 'serverCpuUs'),
  against('echo-16k-deep', 'tls', 2, 'node:tls', 'serverCpuUs'),
  {
    text: 'idle-memory: for each connection',
    atMost: 8,
    unit: 'KiB',
    value: (results) =>
      quotients([resultAt(results, 'idle-memory', 'farthing')?.rate ?? null], [1024])[0] ?? null,
  },
  against('idle-memory', 'tls', 5, 'node:tls', 'rate'),
  against('pay', 'store', 0.5, 'the bare store', 'rate'),
  against('pay', 'pgbench', 5, "pgbench's tpcb-like", 'rate'),
  grown('growth-conns', 'an echo beside 10,000 idle connections, to one beside 10', 1.3, 'farthing-at-10'),
  grown('growth-ledger', 'a payment after 5 million transfers, to one after none', 2, 'farthing-empty'),
  {
    text: 'cases of the links with the noble backend beside the native one',
    atLeast: 1,
    unit: '%',
    value: (results) => {
      const cases = LINK_CASES.filter((name) => resultAt(results, name, 'farthing') !== undefined);
      const both = cases.filter((name) => resultAt(results, name, 'farthing-noble') !== undefined);
      return cases.length === 0 ? null : both.length / cases.length;
    },
  },
];

/** How many times better Farthing is in that case than another contender, round by round. */
function against(name: string, other: string, atLeast: number, called: string, by: Figure): Target {
  const valueBy =
    (figure: Figure): Value =>
    (results) => {
      const [ours, theirs] = [resultAt(results, name, 'farthing'), resultAt(results, name, other)];
      if (ours === undefined || theirs === undefined) {
        return null;
      }
      return median(
        timesBetter(ours.rounds, theirs.rounds, figure, figure === 'rate' ? ours.better : 'less'),
      );
    };
  return {
    text: `${name}, against ${called}: ${figureName(name, by)}`,
    atLeast,
    unit: '×',
    value: valueBy(by),
    ...(by === 'rate' ? {} : { rate: valueBy('rate') }),
  };
}

function figureName(name: string, by: Figure): string {
  if (by === 'serverCpuUs') {
    return 'server CPU';
  }
  return name === 'idle-memory' ? 'memory' : 'rate';
}

/** How many times what it is at the beginning the server's CPU time for one operation becomes. */
function grown(name: string, text: string, atMost: number, beginning: string): Target {
  const valueBy =
    (figure: Figure): Value =>
    (results) => {
      const [end, start] = [resultAt(results, name, 'farthing'), resultAt(results, name, beginning)];
      if (end === undefined || start === undefined) {
        return null;
      }
      return median(timesBetter(start.rounds, end.rounds, figure, figure === 'rate' ? 'more' : 'less'));
    };
  return {
    text: `${name}: ${text}`,
    atMost,
    unit: '×',
    value: valueBy('serverCpuUs'),
    rate: valueBy('rate'),
  };
}

function resultAt(results: readonly Result[], name: string, contender: string): Result | undefined {
  return results.find((result) => result.case === name && result.contender === contender);
}

/** How the targets came out. */
export function judge(results: readonly Result[], targets: readonly Target[] = TARGETS): Verdict[] {
  return targets.map((target) => {
    const { unit, atLeast, atMost } = target;
    const value = target.value(results);
    return {
      target,
      value,
      shown: shown(value, unit),
      rate: target.rate === undefined || value === null ? '' : shown(target.rate(results), unit),
      bound: atLeast === undefined ? `≤ ${shown(atMost ?? null, unit)}` : `≥ ${shown(atLeast, unit)}`,
      outcome: outcomeOf(target, value),
    };
  });
}

function outcomeOf({ atLeast, atMost }: Target, value: number | null): Verdict['outcome'] {
  if (value === null) {
    return 'not measured';
  }
  return value >= (atLeast ?? value) && value <= (atMost ?? value) ? 'met' : 'missed';
}

function shown(value: number | null, unit: Unit): string {
  if (value === null) {
    return NONE;
  }
  if (unit === '%') {
    return percent(value);
  }
  return unit === '×' ? times(value) : `${digits(value)} ${unit}`;
}
