import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Sample } from '../../bench/case.ts';
import { CASES } from '../../bench/cases.ts';
import { judge, TARGETS } from '../../bench/targets.ts';
import { resultsOf } from './reports.ts';

const outcomes = (name: string, samples: Record<string, Sample[]>, better: 'more' | 'less' = 'more') =>
  judge(resultsOf(samples, { name, better }))
    .filter(({ target, value }) => value !== null && target.text.startsWith(`${name}`))
    .map(({ target, shown, rate, bound, outcome }) => [target.text, shown, rate, bound, outcome]);

describe('targets', () => {
  test('come from the figures of the same round, each with its own opponent', () => {
    const samples = {
      farthing: [
        { rate: 400, serverCpuUs: 10 },
        { rate: 4_000, serverCpuUs: 20 },
        { rate: 410, serverCpuUs: 10 },
      ],
      tls: [
        { rate: 100, serverCpuUs: 39 },
        { rate: 1_000, serverCpuUs: 78 },
        { rate: 100, serverCpuUs: 39 },
      ],
      'tls-resumed': [
        { rate: 300, serverCpuUs: 25 },
        { rate: 3_000, serverCpuUs: 50 },
        { rate: 300, serverCpuUs: 25 },
      ],
    };
    assert.deepEqual(outcomes('handshake', samples), [
      ['handshake, against node:tls: rate', '4.00×', '', '≥ 4.00×', 'met'],
      ['handshake, against node:tls: server CPU', '3.90×', '4.00×', '≥ 4.00×', 'missed'],
      ['handshake, against resumed node:tls: server CPU', '2.50×', '1.33×', '≥ 2.50×', 'met'],
    ]);
  });

  test('a limit from above, and a smaller rate that is better', () => {
    const samples = { farthing: [{ rate: 8_192 }], tls: [{ rate: 40_000 }] };
    assert.deepEqual(outcomes('idle-memory', samples, 'less'), [
      ['idle-memory: for each connection', '8 KiB', '', '≤ 8 KiB', 'met'],
      ['idle-memory, against node:tls: memory', '4.88×', '', '≥ 5.00×', 'missed'],
    ]);
  });

  test('growth is how much more CPU time it takes', () => {
    const samples = {
      farthing: [{ rate: 1, serverCpuUs: 15 }],
      'farthing-at-10': [{ rate: 1, serverCpuUs: 10 }],
    };
    assert.deepEqual(
      outcomes('growth-conns', samples).map(([, shown, , bound, outcome]) => [shown, bound, outcome]),
      [['1.50×', '≤ 1.30×', 'missed']],
    );
  });

  test('a figure of one case over that of another', () => {
    const results = [
      ...resultsOf({ farthing: [{ rate: 1, serverCpuUs: 180 }] }, { name: 'handshake' }),
      ...resultsOf({ farthing: [{ rate: 1, serverCpuUs: 90 }] }, { name: 'primitives-responder' }),
    ];
    const verdict = judge(results).find(({ target }) => target.text.includes('X25519'));
    assert.equal(verdict?.shown, '2.00×');
    assert.equal(verdict.outcome, 'missed');
  });

  test('of an empty run none is met, and none is missed', () => {
    assert.deepEqual([...new Set(judge([]).map(({ outcome }) => outcome))], ['not measured']);
  });

  test('measured by cases and contenders that there are', () => {
    const all = CASES.flatMap(({ name, better, contenders }) =>
      resultsOf(
        Object.fromEntries(contenders.map((contender) => [contender.name, [{ rate: 1, serverCpuUs: 1 }]])),
        { name, better },
      ),
    );
    const missing = judge(all, TARGETS).filter(({ value }) => value === null);
    assert.deepEqual(
      missing.map(({ target }) => target.text),
      [],
    );
  });
});
