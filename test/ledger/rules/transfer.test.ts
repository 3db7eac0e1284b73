import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idOf, keyOf, NOW, newPath, openAt, order, pay, registerAll } from '../support/fixtures.ts';
import { grantId } from '../support/internals.ts';

describe('one order pays once', () => {
  test('within a batch, over batches, and after the ledger was closed', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path, { grant: 100 });
    await registerAll(ledger, 'alice', 'bob');
    const tea = order('alice', 'bob', 40, 7, 'tea \u{1f375}\0.');
    const first = await pay(ledger, tea);
    assert.equal(first.status, 'ok');
    const again = [await pay(ledger, tea)];
    await ledger.commit();
    again.push(await pay(ledger, tea));
    // Alice could not give it now.
    assert.equal((await pay(ledger, order('alice', 'bob', 60, 8))).status, 'ok');
    await ledger.commit();
    again.push(await pay(ledger, tea));
    await ledger.close();

    const reopened = await openAt(t, path);
    await reopened.prefetch([tea]);
    again.push(reopened.transfer(tea, NOW + 1000));
    for (const result of again) {
      assert.deepEqual(result, { ...first, status: 'exists' });
    }
    assert.equal(reopened.account('bob')?.balance, 200);
  });

  test('two racing orders for one balance: the first has it', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: 100 });
    await registerAll(ledger, 'alice', 'bob', 'carol');
    const orders = [order('alice', 'bob', 100, 1), order('alice', 'carol', 100, 2)];
    await ledger.prefetch(orders);
    const statuses = orders.map((one) => ledger.transfer(one, NOW).status);
    assert.deepEqual(statuses, ['ok', 'insufficient_funds']);
    await ledger.commit();
    assert.equal(ledger.account('alice')?.balance, 0);
    assert.equal(ledger.account('carol')?.balance, 100);
  });

  test('an order that nobody looked for is an assertion', async (t) => {
    const ledger = await openAt(t, newPath(t));
    await registerAll(ledger, 'alice', 'bob');
    await ledger.prefetch([order('bob', 'alice', 1, 1)]);
    assert.throws(() => ledger.transfer(order('alice', 'bob', 1, 1), NOW), /prefetch/);
  });

  test('an order that could not be kept as it is, is an assertion', async (t) => {
    const ledger = await openAt(t, newPath(t));
    await registerAll(ledger, 'alice', 'bob');
    const fine = order('alice', 'bob', 1, 1, 'é'.repeat(128));
    const impossible = [
      { ...fine, memo: `${fine.memo}.` },
      { ...fine, memo: '\ud800' },
      { ...fine, id: new Uint8Array(15) },
      { ...fine, payer: 'nobody' },
    ];
    await ledger.prefetch([fine, ...impossible]);
    for (const one of impossible) {
      assert.throws(() => ledger.transfer(one, NOW), { name: 'AssertionError' });
    }
    assert.equal(ledger.transfer(fine, NOW).status, 'ok');
  });

  test('a payer who registers in the same batch can pay in it', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: 10 });
    await registerAll(ledger, 'bob');
    const one = order('alice', 'bob', 10, 1);
    await ledger.prefetch([one]);
    ledger.register('alice', keyOf('alice'), NOW);
    assert.equal(ledger.transfer(one, NOW).status, 'ok');
    await ledger.commit();
    assert.equal((await ledger.audit()).ok, true);
  });

  test('a batch of more orders than one statement takes', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: 1000 });
    await registerAll(ledger, 'alice', 'bob');
    const orders = Array.from({ length: 150 }, (_, i) => order('alice', 'bob', 1, i));
    for (const expected of ['ok', 'exists']) {
      await ledger.prefetch(orders);
      const statuses = new Set(orders.map((one) => ledger.transfer(one, NOW).status));
      assert.deepEqual([...statuses], [expected]);
      await ledger.commit();
    }
  });

  test('rollback takes back what is not committed', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: 10 });
    await registerAll(ledger, 'alice', 'bob');
    await pay(ledger, order('alice', 'bob', 10, 1));
    ledger.register('carol', keyOf('carol'), NOW);
    ledger.befriend('alice', 'bob');
    await ledger.rollback();
    assert.equal(ledger.account('alice')?.balance, 10);
    assert.equal(ledger.account('carol'), undefined);
    assert.deepEqual(ledger.friends('bob'), []);
    assert.equal((await pay(ledger, order('alice', 'bob', 10, 1))).status, 'ok');
  });

  test('bytes that the caller uses again do not change the books', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: 10 });
    const key = keyOf('alice');
    ledger.register('alice', key, NOW);
    key.fill(0);
    await registerAll(ledger, 'bob');
    const one = order('alice', 'bob', 1, 5);
    await pay(ledger, one);
    one.id.fill(0);
    await ledger.commit();
    assert.deepEqual(ledger.account('alice')?.key, keyOf('alice'));
    assert.deepEqual((await ledger.history('alice', undefined, 1))[0]?.id, idOf(5));
  });
});

describe('history', () => {
  test('shows committed transfers to and from an account, newest first, in pages', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: 100 });
    await registerAll(ledger, 'alice', 'bob', 'carol');
    await pay(ledger, order('alice', 'bob', 1, 1));
    await pay(ledger, order('bob', 'carol', 2, 2));
    await pay(ledger, order('carol', 'alice', 3, 3, 'back'));
    assert.equal((await ledger.history('alice', undefined, 100)).length, 1, 'the grant, so far');
    await ledger.commit();

    const [newest, ...older] = await ledger.history('alice', undefined, 100);
    const at = NOW;
    assert.deepEqual(newest, {
      seq: 6,
      id: idOf(3),
      from: 'carol',
      to: 'alice',
      amount: 3,
      memo: 'back',
      at,
    });
    assert.deepEqual(older, [
      { seq: 4, id: idOf(1), from: 'alice', to: 'bob', amount: 1, memo: null, at },
      { seq: 1, id: grantId(1), from: 'issuer', to: 'alice', amount: 100, memo: null, at },
    ]);
    const seqs = async (before: number, limit: number) =>
      (await ledger.history('alice', before, limit)).map(({ seq }) => seq);
    assert.deepEqual(await seqs(6, 1), [4]);
    assert.deepEqual(await seqs(4, 100), [1]);
    assert.deepEqual(await seqs(1, 100), []);
    await assert.rejects(ledger.history('alice', undefined, 101), /1 to 100/);
  });

  test('a grant has a UUID of version 8 that holds the account', () => {
    assert.equal(Buffer.from(grantId(258)).toString('hex'), '00000000000080008000000000000102');
  });
});
