// Money: answers that are lost, connections that are cut, and the same order again.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { LISTEN, openWallet, record, startProxy } from '../client/support/fixtures.ts';
import { Client, codeOf } from '../server/support/client.ts';
import { Leftovers } from '../support/programs.ts';
import { assertCode, balanceOf, hex, newOrder, paidBy, transferOf } from './orders.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;
const SUITE = { suite: 'XX' } as const;
const GRANT = 1_000_000;

const till = await Client.member(target, 'till', SUITE);

/** How often the till was told of an order. */
function toldOf(id: Uint8Array): number {
  const ids = till.told.map(([, { transfer }]) => hex((transfer as { id: Uint8Array }).id));
  return ids.filter((told) => told === hex(id)).length;
}

async function login(client: Client, name: string): Promise<Client> {
  await assertCode(100, client.ask('login', { name, port: 0 }));
  return client;
}

describe('money: a retry after a lost answer', () => {
  test('under the same id on a new link: paid once, and the payee told once', (t) =>
    witness.through(async () => {
      const proxy = await startProxy(t, target.port);
      const cut = await Client.member({ port: proxy.port, key: target.key }, 'alice', SUITE);
      const order = newOrder('till', 1_250, 'lunch');
      proxy.cutNextAnswer();
      await assert.rejects(cut.ask('pay', order), { code: 'truncated' });
      const again = await login(await Client.connect(target, { ...SUITE, staticKeys: cut.keys }), 'alice');
      const first = transferOf(await again.ask('pay', order));
      const second = transferOf(await again.ask('pay', order));
      assert.deepEqual(first, second);
      assert.equal(await balanceOf(again), GRANT - 1_250);
      await balanceOf(till);
      assert.equal(toldOf(order.id), 1);
    }));

  test('by the wallet itself, again and again', (t) =>
    witness.through(async () => {
      const proxy = await startProxy(t, target.port);
      const wallet = await openWallet(t, { port: proxy.port, key: target.key });
      await wallet.register('bob');
      await wallet.login('bob', LISTEN);
      const lost = record(wallet, 'lost');
      for (let times = 1; times <= 3; times++) {
        proxy.cutNextAnswer();
        const { transfer, balance } = await wallet.pay('till', 100, { memo: `number ${times}` });
        assert.deepEqual([transfer.memo, balance], [`number ${times}`, GRANT - times * 100]);
        assert.equal(lost.length, times);
      }
      assert.equal((await wallet.history()).filter(({ from }) => from === 'bob').length, 3);
    }));

  test('with another amount: refused, for the first was paid', (t) =>
    witness.through(async () => {
      const proxy = await startProxy(t, target.port);
      const cut = await Client.member({ port: proxy.port, key: target.key }, 'carol', SUITE);
      const order = newOrder('till', 500);
      proxy.cutNextAnswer();
      await assert.rejects(cut.ask('pay', order), { code: 'truncated' });
      const again = await login(await Client.connect(target, { ...SUITE, staticKeys: cut.keys }), 'carol');
      await assertCode(314, again.ask('pay', { ...order, amount: 50 }));
      assert.equal(await balanceOf(again), GRANT - 500);
    }));

  test('when the payee has gone and the money is spent: the first transfer, and nothing moves', () =>
    witness.through(async () => {
      const payee = await Client.member(target, 'fleeting', SUITE);
      const payer = await Client.member(target, 'dora', SUITE);
      const order = newOrder('fleeting', 10);
      const first = transferOf(await payer.ask('pay', order));
      await assertCode(100, payee.ask('exit'), payer.ask('pay', newOrder('till', GRANT - 10)));
      assert.deepEqual(transferOf(await payer.ask('pay', order)), first);
      await assertCode(311, payer.ask('pay', newOrder('fleeting', 10)));
      assert.equal(await balanceOf(payer), 0);
    }));

  test('after a connection that was cut at any moment: paid once, whether the order had arrived or not', () =>
    witness.through(async () => {
      let client = await Client.member(target, 'erin', SUITE);
      let arrived = 0;
      const ROUNDS = 24;
      for (let round = 0; round < ROUNDS; round++) {
        const order = newOrder('till', 1);
        const answered = client.ask('pay', order).then(codeOf, () => undefined);
        for (let turn = 0; turn < round / 4; turn++) {
          await new Promise(setImmediate);
        }
        client.link.destroy();
        await answered;
        const back = await Client.connect(target, { ...SUITE, staticKeys: client.keys });
        client = await login(back, 'erin');
        arrived += (await paidBy(client, 'erin')).has(hex(order.id)) ? 1 : 0;
        await assertCode(100, client.ask('pay', order));
        assert.equal(await balanceOf(client), GRANT - round - 1);
      }
      assert.ok(arrived < ROUNDS, 'some were cut off before they had arrived');
      assert.equal((await paidBy(client, 'erin')).size, ROUNDS);
    }));
});

describe('money: the same order on two links at once', () => {
  for (let round = 1; round <= 6; round++) {
    test(`while the login goes from one to the other: paid once (${round})`, () =>
      witness.through(async () => {
        const name = `twin-${round}`;
        const first = await Client.member(target, name, SUITE);
        const second = await Client.connect(target, { ...SUITE, staticKeys: first.keys });
        const orders = Array.from({ length: 16 }, () => newOrder('till', 1_000));
        const on = (client: Client) =>
          orders.map((order) => client.ask('pay', order).catch(() => 'never answered' as const));
        const answers = [on(first), second.ask('login', { name, port: 0 }), on(second)].flat();
        const [twice, , again] = [answers.slice(0, 16), answers[16], answers.slice(17)];
        for (const [at, order] of orders.entries()) {
          const [one, other] = [await twice[at], await again[at]];
          assert.ok(one !== undefined && other !== undefined && other !== 'never answered');
          const { seq } = transferOf(other);
          if (one !== 'never answered' && codeOf(one) !== 220) {
            assert.equal(transferOf(one).seq, seq);
          }
          assert.equal(transferOf(other).amount, order.amount);
        }
        assert.equal(await balanceOf(second), GRANT - 16_000);
        await balanceOf(till);
        assert.ok(orders.every(({ id }) => toldOf(id) === 1));
      }));
  }
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
