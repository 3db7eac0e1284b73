import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PayResult } from '../../src/protocol/index.ts';
import { orderId, Town, type Visitor } from './support/town.ts';

async function aliceAndBob(town: Town): Promise<{ alice: Visitor; bob: Visitor }> {
  return { alice: await town.member('alice'), bob: await town.member('bob', { port: 7000 }) };
}

describe('pay', () => {
  test('moves money, answers the payer, tells the payee', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await aliceAndBob(town);
    const outputs = await town.run(alice.pay('bob', 1250, 7, 'lunch'));
    const transfer = {
      seq: 3,
      id: orderId(7),
      from: 'alice',
      to: 'bob',
      amount: 1250,
      memo: 'lunch',
      at: town.now,
    };
    assert.deepEqual(alice.result(outputs), {
      code: 100,
      text: '100 OK',
      transfer,
      balance: 8750,
      payee: { name: 'bob', host: '192.0.2.1', port: 7000, key: bob.key },
    });
    assert.deepEqual(bob.told(outputs), [['paid', { transfer }]]);
    const list = await town.run(bob.ask('list', {}));
    assert.equal((bob.result(list) as { balance: number }).balance, 11_250);
  });

  test('the checks in their order: each order fails all later ones as well', async (t) => {
    const town = await Town.open(t);
    const { alice } = await aliceAndBob(town);
    const carol = await town.member('carol');
    await town.run(alice.pay('bob', 5, 1), carol.ask('exit', {}));
    const stranger = town.visitor();
    const rows: [string, number, Visitor, Parameters<Visitor['pay']> | null][] = [
      ['not logged in, malformed', 220, stranger, null],
      ['not logged in', 220, stranger, ['nobody', 0, 1]],
      ['malformed', 400, alice, null],
      ['amount 0, id used, payee unknown', 313, alice, ['nobody', 0, 1]],
      ['amount negative', 313, alice, ['bob', -1, 2]],
      ['id used for another payee, who is unknown', 314, alice, ['nobody', 5, 1]],
      ['id used for another amount', 314, alice, ['bob', 99_999, 1]],
      ['id used for another memo', 314, alice, ['bob', 5, 1, 'other']],
      ['id used for another payee, who is offline', 314, alice, ['carol', 5, 1]],
      ['payee unknown', 310, alice, ['nobody', 99_999, 2]],
      ['the issuer', 310, alice, ['issuer', 1, 2]],
      ['payee is oneself', 315, alice, ['alice', 99_999, 2]],
      ['payee offline', 311, alice, ['carol', 99_999, 2]],
      ['too little money', 312, alice, ['bob', 9_996, 2]],
      ['all of it', 100, alice, ['bob', 9_995, 2]],
    ];
    await town.run(stranger.opened);
    for (const [title, code, payer, order] of rows) {
      const request = order === null ? payer.ask('pay', null) : payer.pay(...order);
      assert.deepEqual(payer.codes(await town.run(request)), [code], title);
    }
  });

  test('the same order again: the same transfer, the balance of now, and no second notification', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await aliceAndBob(town);
    const first = await town.run(alice.pay('bob', 10, 1, 'x'), alice.pay('bob', 10, 1, 'x'));
    assert.equal(bob.told(first).length, 1);
    const { transfer } = firstResult(alice, first);
    town.now += 1000;
    await town.run(alice.pay('bob', 90, 2));
    const again = await town.run(alice.pay('bob', 10, 1, 'x'));
    const result = alice.result(again) as PayResult;
    assert.deepEqual(result.transfer, transfer);
    assert.equal(result.balance, 9_900);
    assert.deepEqual(bob.told(again), []);
  });

  test('the same order again, whatever has changed since: payee offline, money spent', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await aliceAndBob(town);
    const { transfer } = firstResult(alice, await town.run(alice.pay('bob', 9_000, 1)));
    await town.run(alice.pay('bob', 1_000, 2), bob.ask('exit', {}));
    const result = alice.result(await town.run(alice.pay('bob', 9_000, 1))) as PayResult;
    assert.deepEqual(result.transfer, transfer);
    assert.equal(result.balance, 0);
    assert.equal(result.payee, null);
  });

  test('a refused order leaves no trace: its id may be used again, for anything', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await aliceAndBob(town);
    assert.deepEqual(alice.codes(await town.run(alice.pay('bob', 10_001, 1))), [312]);
    const outputs = await town.run(alice.pay('bob', 1, 1, 'smaller'));
    assert.deepEqual(alice.codes(outputs), [100]);
    assert.equal(bob.told(outputs).length, 1);
  });

  test('an id belongs to its payer: two people may use the same', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await aliceAndBob(town);
    const outputs = await town.run(alice.pay('bob', 1, 1), bob.pay('alice', 2, 1));
    assert.deepEqual([...alice.codes(outputs), ...bob.codes(outputs)], [100, 100]);
  });

  test('an order after a login in the same batch is known on disk', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await aliceAndBob(town);
    await town.run(alice.pay('bob', 1, 1), alice.closed);
    const back = town.visitor(1);
    const outputs = await town.run(
      back.opened,
      back.login('nobody'),
      back.login('alice'),
      back.pay('bob', 1, 1),
    );
    assert.deepEqual(back.codes(outputs), [220, 100, 100]);
    assert.deepEqual(bob.told(outputs), []);
    assert.equal((await town.ledger.audit()).transfers, 3);
  });

  test('money that comes earlier in a batch can be spent later in it', async (t) => {
    const town = await Town.open(t);
    const { alice, bob } = await aliceAndBob(town);
    const outputs = await town.run(
      bob.pay('alice', 10_000, 1),
      alice.pay('bob', 20_000, 1),
      bob.pay('alice', 1, 2),
    );
    assert.deepEqual([...alice.codes(outputs), ...bob.codes(outputs)], [100, 100, 100]);
    assert.deepEqual(await town.ledger.audit(), {
      ok: true,
      accounts: 2,
      transfers: 5,
      circulation: 20_000,
      problems: [],
    });
  });
});

function firstResult(visitor: Visitor, outputs: Awaited<ReturnType<Town['run']>>): PayResult {
  const [reply] = visitor.heard(outputs).filter(({ type }) => type === 'reply');
  assert.ok(reply?.type === 'reply');
  return reply.result as PayResult;
}
