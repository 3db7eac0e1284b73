import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changes, changeTable } from '../../bench/report/comparison.ts';
import type { Result } from '../../bench/report/result.ts';
import { resultsOf } from './reports.ts';

/** Rounds of these rates beside a reference that always does 100. */
const ratesOf = (...rates: number[]): Result[] =>
  resultsOf({ farthing: rates.map((rate) => ({ rate })), tls: rates.map(() => ({ rate: 100 })) });

const outcomes = (before: Result[], now: Result[]) => changes(before, now).map(({ outcome }) => outcome);

describe('a ratio beside the one of the baseline', () => {
  test('steady rounds: a tenth is allowed, more is not', () => {
    const before = ratesOf(400, 400, 400);
    assert.deepEqual(outcomes(before, ratesOf(370, 370, 370)), ['OK']);
    assert.deepEqual(outcomes(before, ratesOf(430, 430, 430)), ['OK']);
    assert.deepEqual(outcomes(before, ratesOf(350, 350, 350)), ['worse']);
    assert.deepEqual(outcomes(before, ratesOf(450, 450, 450)), ['better']);
  });

  test('unsteady rounds, on either side, allow more', () => {
    const [steady, unsteady] = [ratesOf(400, 400, 400), ratesOf(200, 320, 440)];
    assert.deepEqual(outcomes(steady, unsteady), ['OK']);
    assert.deepEqual(outcomes(unsteady, steady), ['OK']);
    assert.deepEqual(outcomes(steady, ratesOf(320, 320, 320)), ['worse']);
  });

  test('the machine being slower does not count, and CPU time does', () => {
    const at = (slow: number, cpu: number): Result[] =>
      resultsOf({
        farthing: [{ rate: 400 / slow, serverCpuUs: slow * cpu }],
        tls: [{ rate: 100 / slow, serverCpuUs: 100 * slow }],
      });
    assert.deepEqual(outcomes(at(1, 20), at(3, 20)), ['OK', 'OK']);
    assert.deepEqual(outcomes(at(1, 20), at(1, 30)), ['OK', 'worse']);
  });

  test('only ours are compared, and only with what was measured before', () => {
    assert.deepEqual(outcomes([], ratesOf(400)), ['not compared']);
    assert.deepEqual(outcomes(ratesOf(400), resultsOf({ plain: [{ rate: 1 }], tls: [{ rate: 1 }] })), []);
  });

  test('as a table', () => {
    const all = changes(ratesOf(400, 400), ratesOf(300, 300));
    assert.deepEqual(changeTable(all).split('\n'), [
      '                      baseline    now  of it  allowed',
      'some, farthing: rate     4.00×  3.00×   75 %   ± 10 %  worse',
    ]);
  });
});
