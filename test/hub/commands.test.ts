import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KEY_BYTES, type Method } from '../../src/protocol/index.ts';
import { orderId, Town } from './support/town.ts';

const WELL_FORMED = {
  register: { name: 'carol' },
  login: { name: 'alice', port: 0 },
  list: {},
  pay: { to: 'bob', amount: 1, id: orderId(1), memo: '' },
  lookup: { name: 'bob' },
  history: {},
  friends: {},
  befriend: { name: 'bob' },
  unfriend: { name: 'bob' },
  exit: {},
} as const;
const METHODS = Object.keys(WELL_FORMED) as Method[];
const OUTSIDE: readonly Method[] = ['register', 'login'];

describe('every method in every state', () => {
  for (const method of METHODS) {
    const outside = OUTSIDE.includes(method);

    test(`${method} before login${outside ? ', malformed: 400' : ': 220, malformed or not'}`, async (t) => {
      const town = await Town.open(t);
      const visitor = town.visitor();
      const outputs = await town.run(
        visitor.opened,
        visitor.ask(method, null),
        ...(outside ? [] : [visitor.ask(method, WELL_FORMED[method])]),
      );
      assert.deepEqual(visitor.codes(outputs), outside ? [400] : [220, 220]);
    });

    test(`${method} when logged in, malformed: ${outside ? 230 : 400}`, async (t) => {
      const town = await Town.open(t);
      const alice = await town.member('alice');
      const outputs = await town.run(alice.ask(method, null), alice.ask('list', {}));
      assert.deepEqual(alice.codes(outputs), [outside ? 230 : 400, 100]);
    });

    test(`${method} after exit: 220`, async (t) => {
      const town = await Town.open(t);
      const alice = await town.member('alice');
      await town.member('bob');
      const outputs = await town.run(alice.ask('exit', {}), alice.ask(method, WELL_FORMED[method]));
      assert.deepEqual(alice.codes(outputs), [100, 220]);
      assert.deepEqual(alice.codes(await town.run(alice.ask(method, null))), [220]);
    });
  }

  test('a method that does not exist: 400 in every state', async (t) => {
    const town = await Town.open(t);
    const visitor = town.visitor();
    assert.deepEqual(visitor.codes(await town.run(visitor.opened, visitor.unknown())), [400]);
    await town.run(visitor.ask('register', { name: 'alice' }), visitor.login('alice'));
    assert.deepEqual(visitor.codes(await town.run(visitor.unknown())), [400]);
    assert.deepEqual(visitor.codes(await town.run(visitor.ask('exit', {}), visitor.unknown())), [100, 400]);
  });
});

describe('register and login', () => {
  test('register: 100 OK, then 210 for the same name and anybody', async (t) => {
    const town = await Town.open(t);
    const alice = town.visitor();
    const other = town.visitor();
    const first = await town.run(alice.opened, alice.ask('register', { name: 'alice' }));
    assert.deepEqual(alice.result(first), { code: 100, text: '100 OK' });
    const again = await town.run(
      other.opened,
      other.ask('register', { name: 'alice' }),
      alice.ask('register', { name: 'alice' }),
    );
    assert.deepEqual([...other.codes(again), ...alice.codes(again)], [210, 210]);
  });

  test('register when logged in: 230', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    assert.deepEqual(alice.codes(await town.run(alice.ask('register', { name: 'bob' }))), [230]);
  });

  test('login: the account view; people online are told to every gateway', async (t) => {
    const town = await Town.open(t, { gateways: 2 });
    const alice = town.visitor();
    await town.run(alice.opened, alice.ask('register', { name: 'alice' }));
    const [first = [], second = []] = await town.runByGateway(alice.login('alice', 6000));
    assert.deepEqual(alice.result(first), {
      code: 100,
      text: '100 OK',
      name: 'alice',
      balance: 10_000,
      currency: { name: 'dollars', scale: 2 },
    });
    const arrived = {
      type: 'arrived',
      entry: { name: 'alice', host: '192.0.2.1', port: 6000, key: alice.key },
    };
    assert.deepEqual(second, [arrived]);
    // Before the answer, so that the view holds oneself.
    assert.deepEqual(first[0], arrived);
  });

  test('login with port 0: no address is shown', async (t) => {
    const town = await Town.open(t);
    const alice = town.visitor();
    const outputs = await town.run(
      alice.opened,
      alice.ask('register', { name: 'alice' }),
      alice.login('alice', 0),
    );
    const arrived = outputs.find((output) => output.type === 'arrived');
    assert.deepEqual(arrived?.entry, { name: 'alice', host: null, port: null, key: alice.key });
  });

  test('login: 220 for a name that nobody has, and for the name of another key; 230 when logged in', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const thief = town.visitor();
    const outputs = await town.run(
      thief.opened,
      thief.login('nobody'),
      thief.login('alice'),
      alice.login('alice'),
    );
    assert.deepEqual(thief.codes(outputs), [220, 220]);
    assert.deepEqual(alice.codes(outputs), [230]);
    assert.equal(town.hub.online, 1);
  });

  test('one key holds several names, one at a time on a link', async (t) => {
    const town = await Town.open(t);
    const visitor = town.visitor();
    const outputs = await town.run(
      visitor.opened,
      visitor.ask('register', { name: 'alice' }),
      visitor.ask('register', { name: 'alias' }),
      visitor.login('alias'),
      visitor.login('alice'),
    );
    assert.deepEqual(visitor.codes(outputs), [100, 100, 100, 230]);
  });
});

describe('the other methods', () => {
  test('lookup: name, key, and where; 310 for nobody', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice', { port: 6000, host: '2001:db8::1' });
    const bob = await town.member('bob');
    assert.deepEqual(bob.result(await town.run(bob.ask('lookup', { name: 'alice' }))), {
      name: 'alice',
      key: alice.key,
      online: true,
      host: '2001:db8::1',
      port: 6000,
    });
    assert.deepEqual(alice.result(await town.run(alice.ask('lookup', { name: 'bob' }))), {
      name: 'bob',
      key: bob.key,
      online: true,
      host: null,
      port: null,
    });
    await town.run(alice.ask('exit', {}));
    assert.deepEqual(bob.result(await town.run(bob.ask('lookup', { name: 'alice' }))), {
      name: 'alice',
      key: alice.key,
      online: false,
    });
    assert.deepEqual(bob.codes(await town.run(bob.ask('lookup', { name: 'nobody' }))), [310]);
    assert.equal(alice.key.length, KEY_BYTES);
  });

  test('history: newest first, in pages, the welcome grant at the end', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    await town.run(alice.pay('bob', 1, 1), alice.pay('bob', 2, 2, 'lunch'), bob.pay('alice', 3, 3));
    const all = alice.result(await town.run(alice.ask('history', {}))) as {
      transfers: Record<string, unknown>[];
    };
    assert.deepEqual(
      all.transfers.map(({ from, to, amount, memo }) => [from, to, amount, memo]),
      [
        ['bob', 'alice', 3, ''],
        ['alice', 'bob', 2, 'lunch'],
        ['alice', 'bob', 1, ''],
        ['issuer', 'alice', 10_000, ''],
      ],
    );
    const before = all.transfers[1]?.['seq'] as number;
    const page = alice.result(await town.run(alice.ask('history', { before, limit: 1 })));
    assert.deepEqual(page, { transfers: [all.transfers[2]] });
  });

  test('exit: Bye!, offline, and the link ends; not when not logged in', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const outputs = await town.run(alice.ask('exit', {}));
    assert.deepEqual(alice.result(outputs), { text: 'Bye!' });
    assert.ok(alice.heard(outputs).some(({ type }) => type === 'close'));
    assert.ok(outputs.some((output) => output.type === 'departed' && output.name === 'alice'));
    assert.equal(town.hub.online, 0);
    const stranger = town.visitor();
    const refused = await town.run(stranger.opened, stranger.ask('exit', {}));
    assert.deepEqual(stranger.codes(refused), [220]);
    assert.ok(!refused.some(({ type }) => type === 'close'));
  });

  test('befriend: asked, accepted; the other is told once', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    const asked = await town.run(alice.ask('befriend', { name: 'bob' }));
    assert.deepEqual(alice.result(asked), { state: 'asked' });
    assert.deepEqual(bob.told(asked), [['friend', { name: 'alice', state: 'asking' }]]);
    const again = await town.run(alice.ask('befriend', { name: 'bob' }));
    assert.deepEqual(alice.result(again), { state: 'asked' });
    assert.deepEqual(bob.told(again), []);
    const accepted = await town.run(bob.ask('befriend', { name: 'alice' }));
    assert.deepEqual(bob.result(accepted), { state: 'friend' });
    assert.deepEqual(alice.told(accepted), [['friend', { name: 'bob', state: 'friend' }]]);
    const lists = await town.run(alice.ask('friends', {}), bob.ask('friends', {}));
    assert.deepEqual(alice.result(lists), { friends: [{ name: 'bob', online: true, state: 'friend' }] });
    assert.deepEqual(bob.result(lists), { friends: [{ name: 'alice', online: true, state: 'friend' }] });
  });

  test('unfriend: nothing is left on either side', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    await town.run(alice.ask('befriend', { name: 'bob' }), bob.ask('befriend', { name: 'alice' }));
    assert.deepEqual(alice.result(await town.run(alice.ask('unfriend', { name: 'bob' }))), {});
    assert.deepEqual(alice.result(await town.run(alice.ask('unfriend', { name: 'bob' }))), {});
    const lists = await town.run(alice.ask('friends', {}), bob.ask('friends', {}));
    assert.deepEqual([alice.result(lists), bob.result(lists)], [{ friends: [] }, { friends: [] }]);
  });

  test('befriend and unfriend: 310 for nobody, 400 for oneself', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const outputs = await town.run(
      alice.ask('befriend', { name: 'nobody' }),
      alice.ask('unfriend', { name: 'nobody' }),
      alice.ask('befriend', { name: 'alice' }),
      alice.ask('unfriend', { name: 'alice' }),
    );
    assert.deepEqual(alice.codes(outputs), [310, 310, 400, 400]);
  });
});
