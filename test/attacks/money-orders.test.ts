// Money: orders that should move none, or not this money.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newOrderId } from '../../src/client/index.ts';
import { encodeRequest } from '../../src/protocol/index.ts';
import { Client, codeOf } from '../server/support/client.ts';
import { Leftovers } from '../support/programs.ts';
import { assertCode, balanceOf, newOrder, paidBy, transferOf } from './orders.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;
const SUITE = { suite: 'XX' } as const;

/** Whom everybody may try to rob: logged in all the while, and has what they were given. */
let victim: Client;
let mallory: Client;
before(async () => {
  victim = await Client.member(target, 'victim', SUITE);
  mallory = await Client.member(target, 'mallory', SUITE);
});

/** Nothing has moved but what the attacker has paid by right. */
async function through(attack: () => Promise<number | undefined>): Promise<void> {
  const before = await Promise.all([balanceOf(mallory), balanceOf(victim)]);
  const spent = (await witness.through(attack)) ?? 0;
  const now = await Promise.all([balanceOf(mallory), balanceOf(victim)]);
  assert.deepEqual(now, [before[0] - spent, before[1] + spent]);
}

describe('money: amounts that are none', () => {
  for (const amount of [0, -1, -1250, -(2 ** 31) - 1, -Number.MAX_SAFE_INTEGER]) {
    test(`${amount}: refused, and its id is free for an order that is one`, () =>
      through(async () => {
        const order = newOrder('victim', amount);
        await assertCode(313, mallory.ask('pay', order));
        await assertCode(100, mallory.ask('pay', { ...order, amount: 5 }));
        return 5;
      }));
  }

  for (const amount of [Number.MAX_SAFE_INTEGER, 1_000_001, 2 ** 32, 2 ** 52]) {
    test(`${amount}, more than there is: refused`, () =>
      through(async () => {
        await assertCode(312, mallory.ask('pay', newOrder('victim', amount)));
        return 0;
      }));
  }

  for (const [what, amount] of Object.entries({
    'a text': '10',
    nil: null,
    true: true,
    bytes: new Uint8Array([10]),
    'an array': [10],
    'a map': { amount: 10 },
    nothing: undefined,
  })) {
    test(`${what}: malformed`, () =>
      through(async () => {
        await assertCode(400, mallory.ask('pay', { ...newOrder('victim', 1), amount }));
        return 0;
      }));
  }

  // An amount is an integer of the wire's subset; every other number ends the link before anything is carried
  // out.
  for (const [what, bytes] of Object.entries({
    '12.5': 'cb4029000000000000',
    '0.1 in 32 bits': 'ca3dcccccd',
    '10.0': 'cb4024000000000000',
    '-0.0': 'cb8000000000000000',
    NaN: 'cb7ff8000000000000',
    Infinity: 'cb7ff0000000000000',
    '2^53': 'cf0020000000000000',
    '2^63, which is negative to who reads it signed': 'cf8000000000000000',
    '2^64-1': 'cfffffffffffffffff',
    '-2^53': 'd3ffe0000000000000',
    '10 in 64 bits': 'cf000000000000000a',
  })) {
    test(`${what}: the link ends, and what came before it in the same record is paid`, () =>
      through(async () => {
        const PLACEHOLDER = 0x7fff1234;
        const forged = Buffer.from(encodeRequest(2, 'pay', newOrder('victim', PLACEHOLDER)));
        const at = forged.indexOf('ce7fff1234', 'hex');
        const robber = await Client.connect(target, { ...SUITE, staticKeys: mallory.keys });
        await assertCode(100, robber.ask('login', { name: 'mallory', port: 0 }));
        const paid = robber.askAs(1, 'pay', newOrder('victim', 3));
        robber.link.send(
          Buffer.concat([forged.subarray(0, at), Buffer.from(bytes, 'hex'), forged.subarray(at + 5)]),
        );
        const late = robber.askAs(3, 'pay', newOrder('victim', 4)).catch(() => 'never answered');
        await Promise.allSettled([paid, robber.closed]);
        assert.equal(await late, 'never answered');
        mallory = await Client.connect(target, { ...SUITE, staticKeys: mallory.keys });
        await assertCode(100, mallory.ask('login', { name: 'mallory', port: 0 }));
        return 3;
      }));
  }
});

describe('money: payees who are none', () => {
  for (const to of ['mallory', 'MALLORY', 'Mallory']) {
    test(`to oneself (${to})`, () =>
      through(async () => {
        await assertCode(315, mallory.ask('pay', newOrder(to, 1)));
        return 0;
      }));
  }

  for (const to of [
    'issuer',
    'ISSUER',
    'server',
    'farthing',
    'operator',
    'admin',
    'system',
    'root',
    'exit',
  ]) {
    test(`the reserved name ${to}`, () =>
      through(async () => {
        await assertCode(400, mallory.ask('pay', newOrder(to, 1)));
        await assertCode(400, mallory.ask('lookup', { name: to }), mallory.ask('befriend', { name: to }));
        return 0;
      }));
  }

  for (const to of [
    '',
    ' victim',
    'victim ',
    'victim\0',
    'v\u0456ctim',
    'victim\u200b',
    'vict\u0131m',
    '#1',
    '*',
  ]) {
    test(`no name: ${JSON.stringify(to)}`, () =>
      through(async () => {
        await assertCode(400, mallory.ask('pay', newOrder(to, 1)));
        return 0;
      }));
  }

  test('nobody, and somebody who is away', () =>
    through(async () => {
      await assertCode(310, mallory.ask('pay', newOrder('nobody', 1)));
      const away = await Client.member(target, 'away', SUITE);
      await assertCode(100, away.ask('exit'));
      await assertCode(311, mallory.ask('pay', newOrder('away', 1)));
      return 0;
    }));
});

describe('money: a forged payer', () => {
  const NAMES_OF_PAYERS = ['from', 'payer', 'name', 'account', 'user', 'sender', 'login', 'key', '__proto__'];

  test('another name in every key that might mean the payer: the link’s own account pays', () =>
    through(async () => {
      const forged = Object.fromEntries(NAMES_OF_PAYERS.map((key) => [key, 'victim']));
      const answer = await mallory.ask('pay', { ...newOrder('victim', 2), ...forged });
      assert.equal(transferOf(answer).from, 'mallory');
      const nested = Object.fromEntries(
        NAMES_OF_PAYERS.map((key) => [key, { name: 'victim', key: victim.keys.publicKey }]),
      );
      assert.equal(
        transferOf(await mallory.ask('pay', { ...newOrder('victim', 2), ...nested })).from,
        'mallory',
      );
      return 4;
    }));

  test("another's name and one's own key", () =>
    through(async () => {
      const stranger = await Client.connect(target, { ...SUITE, staticKeys: mallory.keys });
      await assertCode(220, stranger.ask('login', { name: 'victim', port: 0 }));
      await assertCode(
        220,
        stranger.ask('login', { name: 'victim', port: 0, key: victim.keys.publicKey }),
        stranger.ask('pay', { ...newOrder('mallory', 1), from: 'victim' }),
      );
      await assertCode(230, mallory.ask('login', { name: 'victim', port: 0 }));
      await assertCode(
        210,
        stranger.ask('register', { name: 'victim' }),
        stranger.ask('register', { name: 'VICTIM' }),
      );
      stranger.link.destroy();
      return 0;
    }));

  test('nobody: before a login, and behind an exit in the same record', () =>
    through(async () => {
      const nobody = await Client.connect(target, SUITE);
      await assertCode(220, nobody.ask('pay', newOrder('victim', 1)));
      const somebody = await Client.member(target, 'somebody', SUITE);
      const bye = somebody.ask('exit');
      const late = somebody.ask('pay', newOrder('victim', 1)).then(codeOf, () => 'never answered');
      await assertCode(100, bye);
      assert.ok([220, 'never answered'].includes(await late));
      nobody.link.destroy();
      return 0;
    }));

  for (const name of ['issuer', 'Issuer', 'server', 'operator', 'root', 'balance']) {
    test(`the reserved name ${name} can neither be registered nor logged in`, () =>
      through(async () => {
        const stranger = await Client.connect(target, SUITE);
        await assertCode(400, stranger.ask('register', { name }), stranger.ask('login', { name, port: 0 }));
        stranger.link.destroy();
        return 0;
      }));
  }
});

describe('money: one id with two bodies', () => {
  test('another amount, payee or memo: refused for ever; the order itself: the same transfer, and nothing moves', () =>
    through(async () => {
      const order = newOrder('victim', 7, 'rent');
      const first = transferOf(await mallory.ask('pay', order));
      const others = [{ amount: 8 }, { to: 'shop' }, { memo: '' }, { memo: 'Rent' }, { memo: null }];
      for (const other of others) {
        await assertCode(314, mallory.ask('pay', { ...order, ...other }));
      }
      for (const same of [{}, { to: 'VICTIM' }, { at: 1, seq: 9 }]) {
        assert.deepEqual(transferOf(await mallory.ask('pay', { ...order, ...same })), first);
      }
      assert.equal(
        victim.told.filter(([, { transfer }]) => (transfer as typeof first).seq === first.seq).length,
        1,
      );
      return 7;
    }));

  test('both at once in one record: the first is carried out', () =>
    through(async () => {
      const order = newOrder('victim', 9);
      const answers = await Promise.all([
        mallory.ask('pay', order),
        mallory.ask('pay', { ...order, amount: 900 }),
        mallory.ask('pay', order),
      ]);
      assert.deepEqual(answers.map(codeOf), [100, 314, 100]);
      return 9;
    }));

  test('the id of another payer’s order is an order of one’s own', () =>
    through(async () => {
      const id = newOrderId();
      await assertCode(100, victim.ask('pay', { ...newOrder('mallory', 6), id }));
      const own = transferOf(await mallory.ask('pay', { ...newOrder('victim', 6), id }));
      assert.equal(own.from, 'mallory');
      return 0;
    }));

  test('no id of 16 bytes: malformed', () =>
    through(async () => {
      for (const id of [new Uint8Array(0), new Uint8Array(15), new Uint8Array(17), 'x'.repeat(16), 1, null]) {
        await assertCode(400, mallory.ask('pay', { ...newOrder('victim', 1), id }));
      }
      return 0;
    }));
});

test('the history holds what was paid and nothing else; the witness has paid throughout, and the audit passes', async () => {
  const paid = await paidBy(mallory, 'mallory');
  assert.ok([...paid.values()].every(({ to, amount }) => to === 'victim' && amount > 0 && amount < 10));
  await witness.newcomer();
  await target.stop();
});
