import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Town, type Visitor } from './support/town.ts';

/** alice and bob are friends; carol has asked alice. All are online. */
async function friends(town: Town): Promise<{ alice: Visitor; bob: Visitor; carol: Visitor }> {
  const alice = await town.member('alice');
  const bob = await town.member('bob');
  const carol = await town.member('carol');
  await town.run(
    alice.ask('befriend', { name: 'bob' }),
    bob.ask('befriend', { name: 'alice' }),
    carol.ask('befriend', { name: 'alice' }),
  );
  return { alice, bob, carol };
}

describe('presence', () => {
  test('friends, and only friends, hear of login and logout', async (t) => {
    const town = await Town.open(t);
    const { alice, bob, carol } = await friends(town);
    const left = await town.run(alice.ask('exit', {}));
    assert.deepEqual(bob.told(left), [['presence', { name: 'alice', online: false }]]);
    assert.deepEqual(carol.told(left), []);
    const back = town.visitor(1);
    const returned = await town.run(back.opened, back.login('alice'));
    assert.deepEqual(bob.told(returned), [['presence', { name: 'alice', online: true }]]);
    assert.deepEqual(carol.told(returned), []);
    assert.deepEqual(back.told(returned), []);
  });

  test('a link that breaks is a logout, once', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await friends(town);
    const broken = await town.run(alice.closed);
    assert.deepEqual(bob.told(broken), [['presence', { name: 'alice', online: false }]]);
    assert.deepEqual(bob.told(await town.run(bob.ask('list', {}))), []);
  });

  test('a link that ends after exit is no second logout', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await friends(town);
    await town.run(alice.ask('exit', {}));
    assert.deepEqual(bob.told(await town.run(alice.closed)), []);
    assert.equal(town.hub.links, 2);
  });

  test('a link that ends before login changes nothing', async (t) => {
    const town = await Town.open(t);
    const visitor = town.visitor();
    await town.run(visitor.opened);
    assert.equal(town.hub.links, 1);
    assert.deepEqual(await town.run(visitor.closed), []);
    assert.equal(town.hub.links, 0);
  });

  test('a payment to one who has just left is refused', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await friends(town);
    const outputs = await town.run(bob.closed, alice.pay('bob', 1, 1));
    assert.deepEqual(alice.codes(outputs), [311]);
  });
});

describe('a second login of the same account', () => {
  test('the first link is told and ends; friends see no change', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await friends(town);
    const second = town.visitor(1);
    const outputs = await town.run(second.opened, second.login('alice', 6001));
    assert.deepEqual(
      alice.heard(outputs).map((output) => (output.type === 'push' ? output.method : output.type)),
      ['kicked', 'close'],
    );
    assert.deepEqual(second.codes(outputs), [100]);
    assert.deepEqual(bob.told(outputs), []);
    assert.equal(town.hub.online, 3);
  });

  test('the first link can do nothing more, and its end does not log the second out', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await friends(town);
    const second = town.visitor(1);
    const outputs = await town.run(
      second.opened,
      second.login('alice'),
      alice.pay('bob', 1, 1),
      alice.login('alice'),
    );
    assert.deepEqual(alice.codes(outputs), [220, 220]);
    const after = await town.run(alice.closed, bob.pay('alice', 1, 1));
    assert.deepEqual(bob.codes(after), [100]);
    assert.equal(second.told(after).length, 1);
    assert.deepEqual(alice.heard(after), []);
  });

  test('what was asked before it is answered', async (t) => {
    const town = await Town.open(t);
    const { alice } = await friends(town);
    const second = town.visitor(1);
    const outputs = await town.run(
      second.opened,
      alice.pay('bob', 1, 1),
      second.login('alice'),
      alice.pay('bob', 1, 2),
    );
    assert.deepEqual(alice.codes(outputs), [100, 220]);
  });
});
