// People: crowds that log in, kick one another out, and ask to be everybody's friends.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { generateKeyPair, type KeyPair } from '../../src/link/index.ts';
import { LISTEN, next, openWallet, record } from '../client/support/fixtures.ts';
import { MAX_FRIENDS, MAX_REQUESTS } from '../ledger/support/internals.ts';
import { Client, codeOf, resultOf } from '../server/support/client.ts';
import { Leftovers } from '../support/programs.ts';
import { assertCode } from './orders.ts';
import { MANY_ADDRESSES, Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
// A crowd of hundreds registers more than one network may in a test: that rate has a test of its own.
const target = await Target.start(leftovers, { flags: ['--no-rates'] });
const { witness } = target;
const SUITE = { suite: 'XX' } as const;

function told(client: Client, method: string): Readonly<Record<string, unknown>>[] {
  return client.told.filter(([name]) => name === method).map(([, params]) => params);
}

async function comeIn(staticKeys: KeyPair, name: string): Promise<Client> {
  const client = await Client.connect(target, { ...SUITE, staticKeys });
  await assertCode(100, client.ask('login', { name, port: 0 }));
  return client;
}

describe('people: kick loops', () => {
  test('two clients of one account that kick each other at full speed: each is told, and nothing is left behind', () =>
    witness.through(async () => {
      const friend = await Client.member(target, 'onlooker', SUITE);
      const first = await Client.member(target, 'torn', SUITE);
      await assertCode(
        100,
        friend.ask('befriend', { name: 'torn' }),
        first.ask('befriend', { name: 'onlooker' }),
      );
      await witness.waits();
      const before = MANY_ADDRESSES ? target.openDescriptors() : 0;
      let [last, kicks] = [first, 0];
      /** Comes in, waits to be kicked out, comes in again. */
      const fight = async (rounds: number) => {
        for (let round = 0; round < rounds; round++) {
          const client = await comeIn(first.keys, 'torn');
          last = client;
          if (round < rounds - 1) {
            await client.closed;
            assert.deepEqual(told(client, 'kicked').length, 1);
            kicks += 1;
          }
        }
      };
      await Promise.all([fight(40), fight(40)]);
      assert.equal(await first.closed, undefined);
      assert.ok(kicks >= 78);
      assert.equal(last.told.filter(([method]) => method === 'kicked').length, 0);
      await assertCode(100, last.ask('exit'), friend.ask('list'));
      await last.closed;
      assert.deepEqual(told(friend, 'presence'), [{ name: 'torn', online: false }]);
      await assertCode(100, friend.ask('exit'));
      await friend.closed;
      await witness.waits();
      if (MANY_ADDRESSES) {
        assert.ok(target.openDescriptors() <= before, 'every connection is gone');
      }
    }));

  test('a hundred logins of one account at once: one stays, and everybody else is told and closed', () =>
    witness.through(async () => {
      const keys = generateKeyPair();
      const founder = await Client.connect(target, { ...SUITE, staticKeys: keys });
      await assertCode(100, founder.ask('register', { name: 'hydra' }));
      const heads = await Promise.all(
        Array.from({ length: 100 }, () => Client.connect(target, { ...SUITE, staticKeys: keys })),
      );
      await assertCode(100, ...heads.map((head) => head.ask('login', { name: 'hydra', port: 0 })));
      const states = await Promise.all(
        heads.map((head) =>
          Promise.race([
            head.closed.then(() => 'closed'),
            head.ask('list').then(
              () => 'open',
              () => 'closed',
            ),
          ]),
        ),
      );
      const open = heads.filter(
        (_, at) => states[at] === 'open' && told(heads[at] as Client, 'kicked').length === 0,
      );
      assert.equal(open.length, 1);
      for (const head of heads.filter((one) => one !== open[0])) {
        assert.equal(await head.closed, undefined);
        assert.equal(told(head, 'kicked').length, 1);
      }
      founder.link.destroy();
      open[0]?.link.destroy();
    }));

  test('wallets do not fight: who was kicked out does not come back by itself', (t) =>
    witness.through(async () => {
      const identity = generateKeyPair();
      const first = await openWallet(t, target, { identity });
      await first.register('calm');
      await first.login('calm', LISTEN);
      const second = await openWallet(t, target, { identity });
      const kicked = record(second, 'kicked');
      const closed = next(first, 'close');
      await second.login('calm', LISTEN);
      assert.equal(await closed, undefined);
      await second.pay('shop', 1);
      assert.deepEqual(kicked, []);
    }));

  test('logging in again and again on one link: refused, and the first login stays', () =>
    witness.through(async () => {
      const client = await Client.member(target, 'stubborn', SUITE);
      const again = Array.from({ length: 64 }, (_, at) =>
        client.ask(at % 2 === 0 ? 'login' : 'register', { name: 'stubborn', port: 0 }),
      );
      await assertCode(230, ...again);
      assert.equal(resultOf(await client.ask('list'))['name'], 'stubborn');
      client.link.destroy();
    }));
});

describe('people: friendships nobody wanted', () => {
  test('a crowd asks one person: so many requests and no more, and the victim still makes friends', () =>
    witness.through(async () => {
      const victim = await Client.member(target, 'popular', SUITE);
      const honest = await Client.member(target, 'honest', SUITE);
      const codes: number[] = [];
      const CROWD = MAX_REQUESTS + 10;
      for (let at = 0; at < CROWD; at += 20) {
        const some = await Promise.all(
          Array.from({ length: 20 }, (_, more) => Client.member(target, `fan-${at + more}`, SUITE)),
        );
        const answers = await Promise.all(some.map((fan) => fan.ask('befriend', { name: 'popular' })));
        codes.push(...answers.map(codeOf));
        for (const fan of some) {
          fan.link.destroy();
        }
      }
      assert.equal(codes.filter((code) => code === 100).length, MAX_REQUESTS);
      assert.ok(codes.slice(MAX_REQUESTS).every((code) => code === 429));
      await assertCode(429, honest.ask('befriend', { name: 'popular' }));
      await assertCode(
        100,
        victim.ask('befriend', { name: 'honest' }),
        honest.ask('befriend', { name: 'popular' }),
      );
      await assertCode(
        100,
        victim.ask('befriend', { name: 'fan-0' }),
        victim.ask('unfriend', { name: 'fan-1' }),
      );
      const late = await Client.member(target, 'late', SUITE);
      await assertCode(100, late.ask('befriend', { name: 'popular' }));
      const list = resultOf(await victim.ask('friends'))['friends'] as { state: string }[];
      assert.equal(list.filter(({ state }) => state === 'friend').length, 2);
      assert.equal(list.length, MAX_REQUESTS + 1);
      for (const client of [victim, honest, late]) {
        client.link.destroy();
      }
    }));

  test('one person asks everybody: their own list is full, and those who are asked have room', () =>
    witness.through(async () => {
      const names = Array.from({ length: MAX_FRIENDS + 5 }, (_, at) => `member-${at}`);
      const founder = await Client.connect(target, SUITE);
      await assertCode(100, ...names.map((name) => founder.ask('register', { name })));
      const asker = await Client.member(target, 'needy', SUITE);
      const codes = await Promise.all(
        names.map(async (name) => codeOf(await asker.ask('befriend', { name }))),
      );
      assert.deepEqual([...new Set(codes.slice(0, MAX_FRIENDS))], [100]);
      assert.deepEqual([...new Set(codes.slice(MAX_FRIENDS))], [429]);
      for (const client of [founder, asker]) {
        client.link.destroy();
      }
    }));

  test('asking and taking it back, again and again: the victim is not told each time', () =>
    witness.through(async () => {
      const victim = await Client.member(target, 'pestered', SUITE);
      const pest = await Client.member(target, 'pest', SUITE);
      const TIMES = 200;
      for (let times = 0; times < TIMES; times++) {
        const name = 'pestered';
        await assertCode(100, pest.ask('befriend', { name }), pest.ask('unfriend', { name }));
      }
      await assertCode(100, victim.ask('list'));
      assert.ok(told(victim, 'friend').length < TIMES / 10, `told ${told(victim, 'friend').length} times`);
      await assertCode(100, pest.ask('befriend', { name: 'pestered' }));
      const list = resultOf(await victim.ask('friends'))['friends'];
      assert.deepEqual(list, [{ name: 'pest', online: true, state: 'asking' }]);
      for (const client of [victim, pest]) {
        client.link.destroy();
      }
    }));

  test('oneself, nobody, and the issuer', () =>
    witness.through(async () => {
      const loner = await Client.member(target, 'loner', SUITE);
      for (const name of ['loner', 'LONER', 'issuer', 'server', '']) {
        await assertCode(400, loner.ask('befriend', { name }), loner.ask('unfriend', { name }));
      }
      await assertCode(310, loner.ask('befriend', { name: 'no-such-person' }));
      assert.deepEqual(resultOf(await loner.ask('friends'))['friends'], []);
      loner.link.destroy();
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
