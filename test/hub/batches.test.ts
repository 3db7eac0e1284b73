import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StoreError } from '../../src/ledger/index.ts';
import { DISK_FULL, isAnswer, Town } from './support/town.ts';

describe('a batch', () => {
  test('register, login and pay in one batch', async (t) => {
    const town = await Town.open(t);
    const bob = await town.member('bob');
    const alice = town.visitor();
    const outputs = await town.run(
      alice.opened,
      alice.ask('register', { name: 'alice' }),
      alice.login('alice'),
      alice.pay('bob', 1, 1),
      alice.ask('exit', {}),
      alice.closed,
    );
    assert.deepEqual(alice.codes(outputs), [100, 100, 100, 100]);
    assert.equal(bob.told(outputs).length, 1);
    assert.equal(town.hub.links, 1);
  });

  test('a request of a link that is gone comes to nothing, and disturbs nobody', async (t) => {
    const town = await Town.open(t);
    const bob = await town.member('bob');
    const alice = await town.member('alice');
    await town.run(alice.closed);
    for (const error of [undefined, DISK_FULL]) {
      town.commitError = error;
      const outputs = await town.run(alice.pay('bob', 1, 1), bob.ask('list', {}), bob.pay('bob', 1, 2));
      assert.deepEqual(alice.heard(outputs), []);
      assert.equal(bob.codes(outputs).length, 2);
    }
  });

  test('answers stand in the order of the requests, history too, which holds the whole batch', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    await town.member('bob');
    const requests = [
      alice.ask('list', {}),
      alice.ask('history', {}),
      alice.pay('bob', 1, 1),
      alice.ask('history', {}),
    ];
    const answers = alice.heard(await town.run(...requests)).filter(isAnswer);
    assert.deepEqual(
      answers.map(({ id }) => id),
      requests.map((request) => (request.type === 'request' ? request.id : 0)),
    );
    for (const index of [1, 3]) {
      const answer = answers[index];
      assert.ok(answer?.type === 'reply');
      assert.equal((answer.result as { transfers: unknown[] }).transfers.length, 2);
    }
  });

  test('each gateway hears what is for its own links', async (t) => {
    const town = await Town.open(t, { gateways: 2 });
    const alice = await town.member('alice', { gateway: 0 });
    const bob = await town.member('bob', { gateway: 1 });
    const [first = [], second = []] = await town.runByGateway(alice.pay('bob', 1, 1));
    assert.deepEqual(
      [first, second].map((outputs) => outputs.map((output) => ('conn' in output ? output.conn : 0))),
      [[alice.conn], [bob.conn]],
    );
  });
});

describe('a batch whose commit fails', () => {
  test('every request is refused with 500, nothing is pushed, nothing has moved', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    town.commitError = DISK_FULL;
    const outputs = await town.run(
      bob.ask('list', {}),
      alice.pay('bob', 1, 1),
      alice.ask('befriend', { name: 'bob' }),
      alice.ask('history', {}),
      alice.pay('nobody', 1, 2),
      bob.unknown(),
    );
    assert.deepEqual(alice.codes(outputs), [500, 500, 500, 500]);
    assert.deepEqual(bob.codes(outputs), [500, 500]);
    assert.ok(outputs.every(isAnswer));
    town.commitError = undefined;
    const after = await town.run(alice.ask('list', {}), bob.ask('friends', {}));
    assert.equal((alice.result(after) as { balance: number }).balance, 10_000);
    assert.deepEqual(bob.result(after), { friends: [] });
    assert.equal((await town.ledger.audit()).ok, true);
  });

  test('and may have been made all the same: nobody is told anything, and the hub ends', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    await town.member('bob');
    town.commitError = new StoreError('unsettled', 'the disk has a fault');
    await assert.rejects(town.run(alice.pay('bob', 1, 1)), { code: 'unsettled' });
  });

  test('the same order afterwards pays once, and the payee is told once', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    town.commitError = DISK_FULL;
    assert.deepEqual(bob.told(await town.run(alice.pay('bob', 1, 1))), []);
    town.commitError = undefined;
    const outputs = await town.run(alice.pay('bob', 1, 1), alice.pay('bob', 1, 1));
    assert.deepEqual(alice.codes(outputs), [100, 100]);
    assert.equal(bob.told(outputs).length, 1);
  });

  test('people are as they were: no login, no exit and nobody kicked', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    const second = town.visitor(1);
    const carol = town.visitor();
    town.commitError = DISK_FULL;
    const outputs = await town.run(
      second.opened,
      carol.opened,
      second.login('alice'),
      carol.ask('register', { name: 'carol' }),
      carol.login('carol'),
      bob.ask('exit', {}),
    );
    assert.ok(outputs.every((output) => output.type === 'refusal' && output.error === 'INTERNAL'));
    town.commitError = undefined;
    const after = await town.run(
      alice.ask('list', {}),
      bob.ask('list', {}),
      second.ask('list', {}),
      carol.ask('list', {}),
      carol.login('carol'),
      carol.ask('register', { name: 'carol' }),
      carol.login('carol'),
    );
    assert.deepEqual([...alice.codes(after), ...bob.codes(after), ...second.codes(after)], [100, 100, 220]);
    assert.deepEqual(carol.codes(after), [220, 220, 100, 100]);
    assert.equal(town.hub.online, 3);
    const paid = await town.run(carol.pay('alice', 1, 1), carol.pay('bob', 1, 2));
    assert.deepEqual([alice.told(paid).length, second.told(paid).length, bob.told(paid).length], [1, 0, 1]);
  });

  test('links that break in it are gone, and their friends are told', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    await town.run(alice.ask('befriend', { name: 'bob' }), bob.ask('befriend', { name: 'alice' }));
    town.commitError = DISK_FULL;
    const outputs = await town.run(alice.pay('bob', 1, 1), alice.closed, bob.pay('alice', 1, 1));
    assert.deepEqual(bob.told(outputs), [['presence', { name: 'alice', online: false }]]);
    assert.deepEqual(bob.codes(outputs), [500]);
    assert.ok(outputs.some(({ type }) => type === 'departed'));
    assert.equal(town.hub.links, 1);
    town.commitError = undefined;
    assert.deepEqual(bob.codes(await town.run(bob.pay('alice', 1, 1))), [311]);
  });

  test('a batch that writes nothing does not notice', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    town.commitError = DISK_FULL;
    assert.deepEqual(alice.codes(await town.run(alice.ask('list', {}), alice.ask('exit', {}))), [100, 100]);
  });

  test('a history that cannot be read is refused with 500, and nothing else is', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    await town.member('bob');
    town.historyError = DISK_FULL;
    const outputs = await town.run(alice.pay('bob', 1, 1), alice.ask('history', {}), alice.ask('list', {}));
    assert.deepEqual(alice.codes(outputs), [100, 500, 100]);
  });

  test('the operator is warned, wanted events or not', async (t) => {
    const town = await Town.open(t, { events: false });
    const alice = await town.member('alice');
    await town.member('bob');
    assert.deepEqual(town.events, []);
    town.commitError = DISK_FULL;
    await town.run(alice.pay('bob', 1, 1));
    assert.deepEqual(
      town.events.map(({ event }) => event),
      ['warning'],
    );
  });
});
