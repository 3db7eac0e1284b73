import type { Case, Sample } from '../../bench/case.ts';
import { type Report, type Result, summarise } from '../../bench/report/result.ts';

/** A case of those contenders that nothing runs. */
export function caseOf(contenders: readonly string[], settings: Partial<Case> = {}): Case {
  return {
    name: 'some',
    title: 'do something',
    unit: 'somethings/s',
    better: 'more',
    reference: 'tls',
    contenders: contenders.map((name) => ({
      name,
      detail: `what ${name} is`,
      start: () => Promise.reject(new Error('it is not to be started')),
    })),
    ...settings,
  };
}

/** The results of a case whose contenders had those samples. */
export function resultsOf(
  samples: Record<string, readonly Sample[]>,
  settings: Partial<Case> = {},
): Result[] {
  return summarise(caseOf(Object.keys(samples), settings), new Map(Object.entries(samples)));
}

/** A report with those results. */
export function reportOf(results: readonly Result[]): Report {
  return {
    machine: {
      cpu: 'A <fast> CPU | and *more*',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      os: 'Some OS 1',
      node: '26.0.0',
      v8: '14',
      openssl: '3.5',
      farthing: '0.1.0',
      backends: { native: 'native (a, b)', noble: 'noble' },
      sodiumNative: null,
      suites: 'XX, XXhfs',
      date: '2026-01-02T03:04:05.678Z',
      seconds: 1,
      rounds: 5,
      command: 'npm run -s bench -- some',
      leftOut: [{ case: 'some', contender: 'pgbench', reason: 'not on <this> machine' }],
    },
    results,
  };
}
