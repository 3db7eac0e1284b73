import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PayResult } from '../../src/protocol/index.ts';
import type { HubInput, HubOutput } from './support/internals.ts';
import {
  FAILED_LOGINS_BURST,
  PAYMENTS_BURST,
  PAYMENTS_PER_SECOND,
  REGISTRATIONS_BURST,
  REQUESTS_BURST,
  REQUESTS_PER_SECOND,
} from './support/internals.ts';
import { Town, type Visitor } from './support/town.ts';

function lists(visitor: Visitor, count: number): HubInput[] {
  return Array.from({ length: count }, () => visitor.ask('list', {}));
}

function registrations(visitor: Visitor, prefix: string, count: number): HubInput[] {
  return Array.from({ length: count }, (_, index) => visitor.ask('register', { name: `${prefix}${index}` }));
}

function transfers(visitor: Visitor, outputs: readonly HubOutput[]): unknown[] {
  return visitor
    .heard(outputs)
    .flatMap((output) => (output.type === 'reply' ? [(output.result as PayResult).transfer] : []));
}

function count(codes: readonly number[], code: number): number {
  return codes.filter((one) => one === code).length;
}

describe('the rate of an account', () => {
  test('beyond it 429, whatever is asked but exit; with time it is given back', async (t) => {
    const town = await Town.open(t, { events: false });
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    const codes = alice.codes(await town.run(...lists(alice, REQUESTS_BURST + 10)));
    assert.equal(count(codes, 100), REQUESTS_BURST);
    assert.equal(count(codes, 429), 10);
    const others = await town.run(
      bob.ask('list', {}),
      alice.unknown(),
      alice.ask('pay', null),
      alice.pay('bob', 1, 1),
    );
    assert.deepEqual([...bob.codes(others), ...alice.codes(others)], [100, 429, 429, 429]);
    town.now += 1000;
    const later = alice.codes(await town.run(...lists(alice, REQUESTS_PER_SECOND + 10)));
    assert.deepEqual([count(later, 100), count(later, 429)], [REQUESTS_PER_SECOND, 10]);
    assert.deepEqual(alice.codes(await town.run(alice.ask('exit', {}))), [100]);
  });

  test('it is the account that counts, on whatever link', async (t) => {
    const town = await Town.open(t, { events: false });
    const alice = await town.member('alice');
    await town.run(...lists(alice, REQUESTS_BURST));
    const second = town.visitor(1);
    const outputs = await town.run(second.opened, second.login('alice'), second.ask('list', {}));
    assert.deepEqual(second.codes(outputs), [100, 429]);
  });

  test('before login it is the link that counts', async (t) => {
    const town = await Town.open(t, { events: false });
    const [one, other] = [town.visitor(), town.visitor()];
    const outputs = await town.run(
      one.opened,
      other.opened,
      ...lists(one, REQUESTS_BURST + 1),
      other.ask('list', {}),
    );
    assert.equal(one.codes(outputs).at(-1), 429);
    assert.deepEqual(other.codes(outputs), [220]);
  });

  test('without rates there is none', async (t) => {
    const town = await Town.open(t, { events: false, noRates: true });
    const alice = await town.member('alice');
    const codes = alice.codes(await town.run(...lists(alice, REQUESTS_BURST + 10)));
    assert.equal(count(codes, 100), codes.length);
  });
});

describe('the rate of registrations', () => {
  test('counts for a source network, and is given back', async (t) => {
    const town = await Town.open(t, { events: false });
    const one = town.visitor(1, { host: '192.0.2.1' });
    const same = town.visitor(2, { host: '192.0.2.1' });
    const other = town.visitor(3, { host: '192.0.2.2' });
    const outputs = await town.run(
      one.opened,
      same.opened,
      other.opened,
      ...registrations(one, 'a', REGISTRATIONS_BURST),
      ...registrations(same, 'b', 1),
      ...registrations(other, 'c', 1),
    );
    assert.equal(count(one.codes(outputs), 100), REGISTRATIONS_BURST);
    assert.deepEqual([...same.codes(outputs), ...other.codes(outputs)], [429, 100]);
    town.now += 500;
    assert.deepEqual(same.codes(await town.run(...registrations(same, 'd', 2))), [100, 429]);
  });

  test('without rates there is none', async (t) => {
    const town = await Town.open(t, { events: false, noRates: true });
    const one = town.visitor();
    const outputs = await town.run(one.opened, ...registrations(one, 'a', REGISTRATIONS_BURST + 1));
    assert.equal(count(one.codes(outputs), 429), 0);
  });
});

describe('the rate of payments', () => {
  test('counts for an account, refused ones too, and is given back', async (t) => {
    const town = await Town.open(t, { events: false });
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    const orders = (number: number): HubInput[] =>
      Array.from({ length: number }, () => alice.pay('nobody', 1, 1));
    const codes = alice.codes(await town.run(...orders(PAYMENTS_BURST + 5)));
    assert.deepEqual([count(codes, 310), count(codes, 429)], [PAYMENTS_BURST, 5]);
    const others = await town.run(alice.ask('list', {}), bob.pay('alice', 1, 1));
    assert.deepEqual([...alice.codes(others), ...bob.codes(others)], [100, 100]);
    town.now += 1_000;
    const later = alice.codes(await town.run(...orders(PAYMENTS_PER_SECOND + 5)));
    assert.deepEqual([count(later, 310), count(later, 429)], [PAYMENTS_PER_SECOND, 5]);
  });
});

describe('beyond the rate of payments', () => {
  test('an order that was carried out is still answered, as is another under its id', async (t) => {
    const town = await Town.open(t, { events: false });
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    const first = await town.run(alice.pay('bob', 5, 1));
    const spent = Array.from({ length: PAYMENTS_BURST }, () => alice.pay('nobody', 1, 2));
    assert.equal(alice.codes(await town.run(...spent)).at(-1), 429);
    const again = await town.run(alice.pay('bob', 5, 1), alice.pay('bob', 6, 1), alice.pay('bob', 5, 3));
    assert.deepEqual(alice.codes(again), [100, 314, 429]);
    assert.deepEqual(transfers(alice, again), transfers(alice, first));
    assert.deepEqual(bob.told(again), []);
  });

  test('asking for it again and again takes nothing from the rate', async (t) => {
    const town = await Town.open(t, { events: false });
    const alice = await town.member('alice');
    await town.member('bob');
    const same = Array.from({ length: PAYMENTS_BURST + 5 }, () => alice.pay('bob', 5, 1));
    const codes = alice.codes(await town.run(...same, alice.pay('bob', 5, 2)));
    assert.equal(count(codes, 100), codes.length);
  });
});

describe('the rate of logins that fail', () => {
  test('beyond it the answer is 429 and the link ends; whoever has the key is let in all the same', async (t) => {
    const town = await Town.open(t, { events: false });
    const alice = await town.member('alice');
    const guesser = town.visitor();
    const guesses = Array.from({ length: FAILED_LOGINS_BURST }, (_, number) =>
      guesser.login(`guess${number}`),
    );
    const codes = guesser.codes(await town.run(guesser.opened, ...guesses));
    assert.equal(count(codes, 220), FAILED_LOGINS_BURST);
    const last = await town.run(guesser.login('alice'), guesser.ask('register', { name: 'guesser' }));
    assert.deepEqual(guesser.codes(last), [429, 220]);
    assert.ok(guesser.heard(last).some(({ type }) => type === 'close'));
    const neighbour = town.visitor(1);
    const outputs = await town.run(alice.closed, neighbour.opened, neighbour.login('alice'));
    assert.deepEqual(neighbour.codes(outputs), [100]);
    const elsewhere = town.visitor(undefined, { host: '198.51.100.1' });
    assert.deepEqual(elsewhere.codes(await town.run(elsewhere.opened, elsewhere.login('alice'))), [220]);
  });
});
