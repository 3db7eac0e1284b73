import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HubThreadReading } from '../../server/support/internals.ts';
import { Histogram } from '../support/internals.ts';
import { DISK_FULL, Town } from '../support/town.ts';

/** The counters that are not zero, as `method code: count`. */
function answers({ answers }: Pick<HubThreadReading, 'answers'>): string[] {
  return answers.map(({ method, code, count }) => `${method} ${code}: ${count}`).sort();
}

describe('what the hub counts', () => {
  test('answers by method and code; what is no method is unknown', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    await town.run(alice.ask('list', {}), alice.ask('register', { name: 'x' }), alice.ask('pay', null));
    await town.run(alice.unknown(), alice.unknown(), alice.pay('nobody', 1, 1));
    assert.deepEqual(answers(town.hub.reading()), [
      'list 100: 1',
      'login 100: 1',
      'pay 310: 1',
      'pay 400: 1',
      'register 100: 1',
      'register 230: 1',
      'unknown 400: 2',
    ]);
  });

  test('a payment once, however often it is asked for', async (t) => {
    const town = await Town.open(t);
    const [alice] = [await town.member('alice'), await town.member('bob')];
    await town.run(alice.pay('bob', 5, 1), alice.pay('bob', 5, 1));
    await town.run(alice.pay('bob', 5, 1), alice.pay('bob', 5, 2));
    const reading = town.hub.reading();
    assert.equal(reading.payments, 2);
    assert.ok(answers(reading).includes('pay 100: 4'));
    assert.equal(reading.circulation, 20_000);
    assert.deepEqual([reading.accounts, reading.online], [2, 2]);
  });

  test('a batch that could not be written as refused, and nothing of it as done', async (t) => {
    const town = await Town.open(t);
    const [alice] = [await town.member('alice'), await town.member('bob')];
    const before = town.hub.reading();
    town.commitError = DISK_FULL;
    await town.run(alice.pay('bob', 5, 1), alice.ask('list', {}));
    const reading = town.hub.reading();
    assert.deepEqual([reading.payments, reading.failedCommits], [0, 1]);
    assert.deepEqual(
      answers(reading).filter((line) => line.startsWith('pay') || line.startsWith('list')),
      ['list 500: 1', 'pay 500: 1'],
    );
    assert.deepEqual(reading.commitTransfers, before.commitTransfers);
  });

  test('a history by how its reading came out', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    await town.run(alice.ask('history', { before: undefined, limit: undefined }));
    town.historyError = DISK_FULL;
    await town.run(alice.ask('history', { before: undefined, limit: undefined }));
    assert.deepEqual(
      answers(town.hub.reading()).filter((line) => line.startsWith('history')),
      ['history 100: 1', 'history 500: 1'],
    );
  });

  test('commits by their size and the time of the clock that it was given', async (t) => {
    let now = 0;
    const town = await Town.open(t, { clock: () => (now += 3) });
    const [alice] = [await town.member('alice'), await town.member('bob')];
    await town.run(...[1, 2, 3].map((id) => alice.pay('bob', 1, id)));
    await town.run(alice.ask('list', {}));
    const { commitTransfers, commitSeconds } = town.hub.reading();
    assert.equal(commitTransfers.sum, 5, 'two grants and three payments');
    assert.deepEqual(commitTransfers.counts.slice(0, 3), [2, 1, 0], 'a commit without transfers is none');
    assert.ok(Math.abs(commitSeconds.sum - 3 * 0.003) < 1e-9);
    assert.equal(commitSeconds.counts[commitSeconds.bounds.indexOf(0.005)], 3);
  });
});

test('a histogram puts a value where it does not exceed the bound, and the rest above', () => {
  const histogram = new Histogram([1, 10]);
  for (const value of [0, 1, 1.5, 10, 11, 1000]) {
    histogram.add(value);
  }
  assert.deepEqual(histogram.reading(), { bounds: [1, 10], counts: [2, 2, 2], sum: 1023.5 });
});
