import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Town } from './support/town.ts';

test('events tell who did what on which link, in order, and nothing that is secret', async (t) => {
  const town = await Town.open(t);
  const bob = await town.member('bob');
  const alice = town.visitor();
  town.events.length = 0;
  await town.run(
    { type: 'unopened', host: '192.0.2.9', reason: 'bad_prelude' },
    alice.opened,
    alice.ask('register', { name: 'alice' }),
    alice.login('alice', 6000),
    alice.pay('bob', 5, 1, 'the-memo'),
    alice.ask('history', {}),
    alice.pay('bob', 50_000, 2, 'the-memo'),
    alice.ask('lookup', null),
    alice.unknown(),
    alice.ask('exit', {}),
    alice.closed,
  );
  const [a, b] = [alice.conn, bob.conn];
  const recv = { event: 'message', conn: a, direction: 'recv', kind: 'request' };
  const send = { event: 'message', conn: a, direction: 'send', kind: 'response' };
  const account = 'alice';
  assert.deepEqual(town.events, [
    { event: 'unopened', host: '192.0.2.9', reason: 'bad_prelude' },
    { event: 'connect', conn: a, host: '192.0.2.1' },
    { ...recv, method: 'register', name: 'alice' },
    { ...send, method: 'register', code: 100 },
    { ...recv, method: 'login', name: 'alice' },
    { event: 'login', conn: a, name: 'alice' },
    { ...send, method: 'login', code: 100, account },
    { ...recv, method: 'pay', to: 'bob', amount: 5, account },
    { event: 'message', conn: b, direction: 'send', kind: 'notification', method: 'paid', account: 'bob' },
    { ...send, method: 'pay', code: 100, account },
    { ...recv, method: 'history', account },
    { ...send, method: 'history', code: 100, account },
    { ...recv, method: 'pay', to: 'bob', amount: 50_000, account },
    { ...send, method: 'pay', code: 312, account },
    { ...recv, method: 'lookup', account },
    { ...send, method: 'lookup', code: 400, account },
    { ...recv, method: 'unknown', account },
    { ...send, method: 'unknown', code: 400, account },
    { ...recv, method: 'exit', account },
    { event: 'logout', conn: a, name: 'alice' },
    { ...send, method: 'exit', code: 100 },
    { event: 'disconnect', conn: a, host: '192.0.2.1', reason: 'closed' },
  ]);
  assert.doesNotMatch(JSON.stringify(town.events), /the-memo|key/);
});

test('where nobody wants events none are made', async (t) => {
  const town = await Town.open(t, { events: false });
  const alice = await town.member('alice');
  await town.run(alice.ask('list', {}), alice.closed);
  assert.deepEqual(town.events, []);
});
