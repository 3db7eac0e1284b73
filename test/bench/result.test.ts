import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reportText } from '../../bench/report/result.ts';
import { caseOf, reportOf, resultsOf } from './reports.ts';

describe('the results of a case', () => {
  test('ratios are of the same round: when the machine was slow, it was slow for both', () => {
    const [own, reference] = resultsOf({
      farthing: [{ rate: 20 }, { rate: 2 }, { rate: 200 }],
      tls: [{ rate: 10 }, { rate: 1 }, { rate: 10 }],
    });
    assert.equal(own?.rate, 20);
    assert.equal(own.ratio, 2);
    assert.equal(reference?.ratio, 1);
    assert.equal(own.spread, 9.9);
  });

  test('above 1 is better, also where less is', () => {
    const [own] = resultsOf(
      { farthing: [{ rate: 5, serverCpuUs: 50 }], tls: [{ rate: 20, serverCpuUs: 10 }] },
      { better: 'less' },
    );
    assert.equal(own?.ratio, 4);
    assert.equal(own.cpuRatio, 0.2);
  });

  test('what was not measured is null', () => {
    const [own, other] = resultsOf({
      farthing: [{ rate: 5, p50Ms: 2 }],
      plain: [{ rate: 5, p50Ms: Number.NaN }],
    });
    const { serverCpuUs, p50Ms, p99Ms, p999Ms, ratio, cpuRatio, spread } = own ?? {};
    assert.deepEqual(
      { serverCpuUs, p50Ms, p99Ms, p999Ms, ratio, cpuRatio, spread },
      {
        serverCpuUs: null,
        p50Ms: 2,
        p99Ms: null,
        p999Ms: null,
        ratio: null,
        cpuRatio: null,
        spread: null,
      },
    );
    assert.equal(other?.p50Ms, null);
  });

  test('a contender that did not run has none, and the order is that of the case', () => {
    const results = resultsOf({ plain: [{ rate: 1 }], farthing: [], tls: [{ rate: 1 }] });
    assert.deepEqual(
      results.map(({ contender }) => contender),
      ['plain', 'tls'],
    );
    assert.deepEqual(
      results.map(({ detail }) => detail),
      caseOf(['plain', 'tls']).contenders.map(({ detail }) => detail),
    );
  });
});

test('the file has five digits, keeps whole numbers, and reads back', () => {
  const report = reportOf(resultsOf({ tls: [{ rate: 123456789, serverCpuUs: Math.PI }] }));
  const text = reportText(report);
  assert.match(text, /"serverCpuUs": 3\.1416,/);
  assert.match(text, /"rate": 123456789,/);
  assert.deepEqual(Object.keys(JSON.parse(text)), ['machine', 'results']);
});
