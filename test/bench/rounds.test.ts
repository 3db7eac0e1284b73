import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Case, type Contender, Unavailable } from '../../bench/case.ts';
import { duration, Plan, plannedSeconds } from '../../bench/progress.ts';
import { ContenderError, type Observer, rotated, runCase } from '../../bench/rounds.ts';
import { caseOf } from './reports.ts';

const QUIET: Observer = { step() {}, stepped() {}, leftOut() {} };
const NEVER = new AbortController().signal;

/** A case of contenders that write down what they are asked to do. */
function loggingCase(log: string[], names: readonly string[], settings: Partial<Case> = {}): Case {
  const contenders: Contender[] = names.map((name) => ({
    name,
    detail: name,
    start: () => {
      log.push(`start ${name}`);
      return Promise.resolve({
        measure: (seconds) => {
          log.push(`${name} ${seconds}`);
          return Promise.resolve({ rate: log.length });
        },
        close: () => {
          log.push(`close ${name}`);
          return Promise.resolve();
        },
      });
    },
  }));
  return caseOf(names, { contenders, ...settings });
}

/** That case with a contender `bad` in the middle that starts like that. */
function caseWithBad(log: string[], start: Contender['start']): Case {
  const asked = loggingCase(log, ['a', 'b']);
  const [first, ...rest] = asked.contenders;
  assert.ok(first);
  return { ...asked, contenders: [first, { name: 'bad', detail: '', start }, ...rest] };
}

describe('a case', () => {
  test('warms all up, then measures each once a round, in an order that rotates, and closes all', async () => {
    const log: string[] = [];
    const asked = loggingCase(log, ['a', 'b', 'c']);
    const samples = await runCase(asked, { rounds: 3, seconds: 2, signal: NEVER }, QUIET);
    assert.deepEqual(log.slice(0, 3), ['start a', 'start b', 'start c']);
    assert.deepEqual(log.slice(3, 6), ['a 2', 'b 2', 'c 2']);
    assert.deepEqual(log.slice(6, 15), ['b 2', 'c 2', 'a 2', 'c 2', 'a 2', 'b 2', 'a 2', 'b 2', 'c 2']);
    assert.deepEqual(log.slice(15), ['close a', 'close b', 'close c']);
    assert.deepEqual(samples.get('a'), [{ rate: 9 }, { rate: 11 }, { rate: 13 }]);
  });

  test('with fixed rounds has those, and none to warm up; with fewer asked for, fewer', async () => {
    const log: string[] = [];
    const asked = loggingCase(log, ['a'], { rounds: 2 });
    assert.equal((await runCase(asked, { rounds: 5, seconds: 1, signal: NEVER }, QUIET)).get('a')?.length, 2);
    assert.equal((await runCase(asked, { rounds: 1, seconds: 1, signal: NEVER }, QUIET)).get('a')?.length, 1);
    assert.equal(log.filter((line) => line === 'a 1').length, 3);
  });

  test('leaves out whom the machine has not got', async () => {
    const log: string[] = [];
    const asked = caseWithBad(log, () => Promise.reject(new Unavailable('no such thing here')));
    const leftOut: string[] = [];
    const observer = {
      ...QUIET,
      leftOut: (_: Case, name: string, reason: string) => leftOut.push(name, reason),
    };
    const samples = await runCase(asked, { rounds: 1, seconds: 1, signal: NEVER }, observer);
    assert.deepEqual(leftOut, ['bad', 'no such thing here']);
    assert.deepEqual([...samples.keys()], ['a', 'b']);
  });

  test('names whoever fails, and closes the others', async () => {
    for (const start of [
      () => Promise.reject(new Error('it crashed')),
      () =>
        Promise.resolve({
          measure: () => Promise.reject(new Error('it crashed')),
          close: () => Promise.resolve(),
        }),
      () =>
        Promise.resolve({
          measure: () => Promise.reject(new Error('it crashed')),
          close: () => Promise.reject(new Error('and again')),
        }),
    ]) {
      const log: string[] = [];
      const run = runCase(caseWithBad(log, start), { rounds: 1, seconds: 1, signal: NEVER }, QUIET);
      await assert.rejects(run, new ContenderError('some, bad: it crashed'));
      assert.ok(log.includes('close a'));
    }
  });

  test('ends when it is interrupted in the middle of a round', async () => {
    const log: string[] = [];
    const interruption = new AbortController();
    const reason = new Error('enough');
    const asked = caseWithBad(log, () =>
      Promise.resolve({
        measure: () => {
          interruption.abort(reason);
          return new Promise(() => {});
        },
        close: () => Promise.resolve(log.push('close bad')).then(() => {}),
      }),
    );
    const run = runCase(asked, { rounds: 1, seconds: 1, signal: interruption.signal }, QUIET);
    await assert.rejects(run, reason);
    assert.deepEqual(log.slice(-3).toSorted(), ['close a', 'close b', 'close bad']);
  });
});

test('everyone is first equally often', () => {
  const orders = [0, 1, 2].map((round) => rotated(['a', 'b', 'c'], round).join(''));
  assert.deepEqual(orders, ['abc', 'bca', 'cab']);
  assert.deepEqual(rotated([], 3), []);
});

describe('the time that is left', () => {
  test('is planned from seconds, rounds with the one to warm up, and what a round takes beside', () => {
    const short = caseOf(['a', 'b']);
    const fixed = caseOf(['a'], { rounds: 1, extraSeconds: 8 });
    assert.equal(plannedSeconds([short], 5, 2), 24);
    assert.equal(plannedSeconds([short, fixed], 5, 2), 34);
  });

  test('is what the plan says while it holds, and more when all takes longer', () => {
    const plan = new Plan(100);
    assert.equal(plan.left(), 100);
    plan.passed(20, 20);
    assert.equal(plan.left(), 80);
    assert.equal(plan.left(5), 75);
    plan.passed(30, 80);
    const left = plan.left();
    assert.ok(left > 50 && left < 120, String(left));
    plan.passed(50, 100);
    assert.equal(plan.left(3), 0);
  });

  test('is told as a person says it', () => {
    assert.deepEqual([0.2, 59.5, 60, 185].map(duration), ['1 s', '1 min 00 s', '1 min 00 s', '3 min 05 s']);
  });
});
