import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DISK_FULL, Town, type Visitor } from './support/town.ts';

/** Two people on each of two gateways; alice and carol are friends across them. */
async function twoGateways(town: Town): Promise<Record<'alice' | 'bob' | 'carol' | 'dave', Visitor>> {
  const alice = await town.member('alice', { gateway: 0 });
  const bob = await town.member('bob', { gateway: 0 });
  const carol = await town.member('carol', { gateway: 1 });
  const dave = await town.member('dave', { gateway: 1 });
  await town.run(alice.ask('befriend', { name: 'carol' }), carol.ask('befriend', { name: 'alice' }));
  return { alice, bob, carol, dave };
}

test('a gateway that has begun anew: its people are offline, and it learns who is online', async (t) => {
  const town = await Town.open(t, { gateways: 2 });
  const { alice, bob, carol } = await twoGateways(town);
  const newcomer = town.visitor(undefined, { gateway: 0 });
  const lastConn = newcomer.conn - 1;
  const outputs = await town.runByGateway(
    { type: 'renewed', gateway: 0, lastConn },
    newcomer.opened,
    newcomer.ask('register', { name: 'erin' }),
    carol.pay('bob', 1, 1),
  );
  assert.equal(town.hub.online, 2);
  assert.equal(town.hub.links, 3);
  const [first = [], second = []] = outputs;
  const names = first.flatMap((output) => (output.type === 'arrived' ? [output.entry.name] : []));
  assert.deepEqual(names.sort(), ['carol', 'dave']);
  assert.deepEqual(carol.told(second), [['presence', { name: 'alice', online: false }]]);
  assert.deepEqual(carol.codes(second), [311]);
  assert.deepEqual(newcomer.codes(first), [100]);
  assert.deepEqual([...alice.heard(first), ...bob.heard(first)], []);
});

test('the same when the store fails in that very batch', async (t) => {
  const town = await Town.open(t, { gateways: 2 });
  const { dave } = await twoGateways(town);
  const newcomer = town.visitor(undefined, { gateway: 0 });
  town.commitError = DISK_FULL;
  await town.runByGateway(
    { type: 'renewed', gateway: 0, lastConn: newcomer.conn - 1 },
    newcomer.opened,
    newcomer.ask('register', { name: 'erin' }),
  );
  town.commitError = undefined;
  assert.deepEqual([town.hub.online, town.hub.links], [2, 3]);
  assert.deepEqual(dave.codes(await town.run(dave.ask('list', {}))), [100]);
  assert.deepEqual(newcomer.codes(await town.run(newcomer.ask('register', { name: 'erin' }))), [100]);
});

test('a link that was closed just before its gateway was lost is closed once', async (t) => {
  const town = await Town.open(t, { gateways: 2 });
  const { alice, bob } = await twoGateways(town);
  await town.run(alice.closed, { type: 'renewed', gateway: 0, lastConn: bob.conn });
  const gone = town.events.filter(({ event }) => event === 'disconnect');
  assert.deepEqual(
    gone.map((each) => each.event === 'disconnect' && each.conn),
    [alice.conn, bob.conn],
  );
});
