// Money: many orders race for one balance, from one session and from two, and balances that are as high as
// numbers go.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { KeyPair } from '../../src/link/index.ts';
import { Client, codeOf } from '../server/support/client.ts';
import { Leftovers } from '../support/programs.ts';
import { assertCode, balanceOf, hex, newOrder, type Order, paidBy } from './orders.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const SUITE = { suite: 'XX' } as const;
/** The welcome grant: 10,000.00. */
const GRANT = 1_000_000;
/** Orders in one pipeline: as many as a link may have open. */
const PIPELINE = 64;
/** 33 of them are what there is. */
const PRICE = 30_000;

/** An answer, or that the link ended before it. */
type Outcome = number | 'never answered';

/** Sends every order in one turn, so in one record or a few. */
function payAll(client: Client, orders: readonly Order[]): Promise<Outcome[]> {
  return Promise.all(
    orders.map((order) => client.ask('pay', order).then(codeOf, () => 'never answered' as const)),
  );
}

function countOf(outcomes: readonly Outcome[], outcome: Outcome): number {
  return outcomes.filter((one) => one === outcome).length;
}

/** Logs in on a new link, which sends the link before it away. */
async function comeBack(target: Target, keys: KeyPair, name: string): Promise<Client> {
  const client = await Client.connect(target, { ...SUITE, staticKeys: keys });
  await assertCode(100, client.ask('login', { name, port: 0 }));
  return client;
}

/** A fourth of what can be counted, for each of four: the witness, their shop, and two more. */
const FOURTH = Math.floor(Number.MAX_SAFE_INTEGER / 4);
const [target, mint] = await Promise.all([
  Target.start(leftovers),
  Target.start(leftovers, { flags: ['--grant', String(FOURTH).replace(/..$/, '.$&')] }),
]);

describe('money: races for one balance', () => {
  const { witness } = target;

  test('64 pipelined orders on one link: as many as there is money for, in their order, and no other', () =>
    witness.through(async () => {
      const shop = await Client.member(target, 'till', SUITE);
      const racer = await Client.member(target, 'racer', SUITE);
      const amounts = Array.from({ length: PIPELINE }, (_, at) => 1 + ((at * 7_919) % 60_000));
      const outcomes = await payAll(
        racer,
        amounts.map((amount) => newOrder('till', amount)),
      );
      let left = GRANT;
      const expected = amounts.map((amount) => {
        if (amount > left) {
          return 312;
        }
        left -= amount;
        return 100;
      });
      assert.ok(countOf(expected, 312) > 0);
      assert.deepEqual(outcomes, expected);
      assert.deepEqual([await balanceOf(racer), await balanceOf(shop)], [left, 2 * GRANT - left]);
    }));

  for (let round = 1; round <= 4; round++) {
    test(`64 orders on each of two links while the login goes from one to the other (${round})`, () =>
      witness.through(async () => {
        const name = `two-${round}`;
        const first = await Client.member(target, name, SUITE);
        const second = await Client.connect(target, { ...SUITE, staticKeys: first.keys });
        const orders = () => Array.from({ length: PIPELINE }, () => newOrder('till', PRICE));
        const given = [orders(), orders()] as const;
        const login = second.ask('login', { name, port: 0 });
        const outcomes = await Promise.all([payAll(first, given[0]), payAll(second, given[1])]);
        await assertCode(100, login);
        const all = outcomes.flat();
        const accepted = countOf(all, 100);
        // Whom a link no longer speaks for it cannot pay for; whatever was judged, was judged by the balance
        // alone.
        assert.equal(accepted, Math.min(Math.floor(GRANT / PRICE), accepted + countOf(all, 312)));
        assert.ok(outcomes[0].every((one) => [100, 312, 220, 'never answered'].includes(one)));
        assert.ok(outcomes[1].every((one) => one === 100 || one === 312));
        assert.equal(await balanceOf(second), GRANT - accepted * PRICE);
        const paid = await paidBy(second, name);
        const ids = given.flat().map(({ id }) => hex(id));
        assert.deepEqual(
          ids.filter((id) => paid.has(id)),
          ids.filter((_, at) => all[at] === 100),
        );
      }));
  }

  test('the login goes to and fro between links that all keep paying', () =>
    witness.through(async () => {
      let client = await Client.member(target, 'restless', SUITE);
      const given: Order[] = [];
      const outcomes: Promise<Outcome[]>[] = [];
      for (let change = 0; change < 12; change++) {
        const orders = Array.from({ length: 16 }, () => newOrder('till', PRICE));
        given.push(...orders);
        outcomes.push(payAll(client, orders));
        client = await comeBack(target, client.keys, 'restless');
      }
      const all = (await Promise.all(outcomes)).flat();
      const accepted = countOf(all, 100);
      assert.ok(accepted <= Math.floor(GRANT / PRICE));
      assert.equal(await balanceOf(client), GRANT - accepted * PRICE);
      const paid = await paidBy(client, 'restless');
      assert.equal(paid.size, accepted);
      assert.deepEqual(
        given.map(({ id }) => paid.has(hex(id))),
        all.map((outcome) => outcome === 100),
      );
    }));

  test('64 orders each way between two people who both spend all they have', () =>
    witness.through(async () => {
      const [one, other] = [
        await Client.member(target, 'ping', SUITE),
        await Client.member(target, 'pong', SUITE),
      ];
      const all = (to: string) => Array.from({ length: PIPELINE }, () => newOrder(to, GRANT));
      const [sent, back] = await Promise.all([payAll(one, all('pong')), payAll(other, all('ping'))]);
      assert.ok([...sent, ...back].every((code) => code === 100 || code === 312));
      const balances = [await balanceOf(one), await balanceOf(other)] as const;
      assert.equal(balances[0] + balances[1], 2 * GRANT);
      assert.equal(balances[1] - balances[0], 2 * GRANT * (countOf(sent, 100) - countOf(back, 100)));
    }));

  test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
    await witness.newcomer();
    await target.stop();
  });
});

describe('money: as much as can be counted', () => {
  const { witness } = mint;

  let rich: Client;
  let heir: Client;

  test('nobody is given more than can be counted: registering is refused, and takes no name', () =>
    witness.through(async () => {
      rich = await Client.member(mint, 'rich', SUITE);
      heir = await Client.member(mint, 'heir', SUITE);
      const late = await Client.connect(mint, SUITE);
      for (let times = 0; times < 3; times++) {
        await assertCode(500, late.ask('register', { name: 'late' }));
        await assertCode(220, late.ask('login', { name: 'late', port: 0 }));
      }
      late.link.destroy();
    }));

  test('no payee gets more than can be counted, whatever is ordered', () =>
    witness.through(async () => {
      await assertCode(100, rich.ask('pay', newOrder('heir', FOURTH)));
      const orders = [1, FOURTH, Number.MAX_SAFE_INTEGER].map((amount) => newOrder('heir', amount));
      assert.deepEqual(await payAll(rich, orders), [312, 312, 312]);
      assert.deepEqual([await balanceOf(rich), await balanceOf(heir)], [0, 2 * FOURTH]);
      const back = [Number.MAX_SAFE_INTEGER, 2 * FOURTH + 1, 2 * FOURTH, 1].map((amount) =>
        newOrder('rich', amount),
      );
      assert.deepEqual(await payAll(heir, back), [312, 312, 100, 312]);
      assert.deepEqual([await balanceOf(rich), await balanceOf(heir)], [2 * FOURTH, 0]);
    }));

  test('the witness has paid throughout, and the audit passes', () => mint.stop());
});
