import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { type Ledger, type LedgerSettings, MAX_AMOUNT, type Order } from '../../../src/ledger/index.ts';
import { keyOf, NOW, newPath, openAt, order, pay, registerAll } from '../support/fixtures.ts';
import {
  BEFRIEND_STATUSES,
  type BefriendStatus,
  CHECK_STATUSES,
  type CheckStatus,
  MAX_ACCOUNTS,
  MAX_FRIENDS,
  REGISTER_STATUSES,
  type RegisterStatus,
  TRANSFER_STATUSES,
  type TransferStatus,
  UNFRIEND_STATUSES,
  type UnfriendStatus,
} from '../support/internals.ts';

const GRANT = 100;

/**
 * A ledger with alice, bob and carol, and one whose account is frozen; alice has given order 1, "5 to bob for
 * tea".
 */
async function community(t: TestContext, settings: LedgerSettings = { grant: GRANT }): Promise<Ledger> {
  const ledger = await openAt(t, newPath(t), settings);
  await registerAll(ledger, 'alice', 'bob', 'carol', 'frozen');
  await pay(ledger, order('alice', 'bob', 5, 1, 'tea'));
  ledger.operate({ kind: 'freeze', name: 'frozen', reason: 'a test' }, NOW);
  await ledger.commit();
  return ledger;
}

describe('transfer', () => {
  /** Each row meets its own condition and every later one that can be met at the same time. */
  const TABLE: [TransferStatus, Order][] = [
    ['bad_amount', order('alice', 'nobody', 0, 1)],
    ['bad_amount', order('alice', 'alice', -1, 2)],
    ['bad_amount', order('alice', 'bob', 1.5, 2)],
    ['bad_amount', order('alice', 'bob', Number.NaN, 2)],
    ['bad_amount', order('alice', 'bob', MAX_AMOUNT + 1, 2)],
    ['exists', order('alice', 'bob', 5, 1, 'tea')],
    ['id_reused', order('alice', 'nobody', 5, 1, 'tea')],
    ['id_reused', order('alice', 'alice', 5, 1, 'tea')],
    ['id_reused', order('alice', 'bob', MAX_AMOUNT, 1, 'tea')],
    ['id_reused', order('alice', 'bob', 5, 1, 'coffee')],
    ['id_reused', order('alice', 'bob', 5, 1)],
    ['payer_frozen', order('frozen', 'nobody', MAX_AMOUNT, 2)],
    ['payee_unknown', order('alice', 'nobody', MAX_AMOUNT, 2)],
    ['payee_unknown', order('alice', 'issuer', 1, 2)],
    ['payee_self', order('alice', 'alice', MAX_AMOUNT, 2)],
    ['payee_frozen', order('alice', 'frozen', MAX_AMOUNT, 2)],
    ['insufficient_funds', order('alice', 'bob', GRANT - 5 + 1, 2)],
    ['ok', order('alice', 'bob', GRANT - 5, 2)],
    ['ok', order('carol', 'bob', 5, 1, 'tea')],
  ];

  test('every status has a row, in order', () => {
    assert.deepEqual([...new Set(TABLE.map(([status]) => status))], [...TRANSFER_STATUSES]);
  });

  for (const [status, one] of TABLE) {
    test(`${status}: ${one.payer} pays ${one.payee} ${one.amount} (${one.memo ?? 'no memo'})`, async (t) => {
      const ledger = await community(t);
      await ledger.prefetch([one]);
      const result = ledger.transfer(one, NOW);
      assert.equal(result.status, status);
      const moved = status === 'ok' ? one.amount : 0;
      const before = one.payer === 'alice' ? GRANT - 5 : GRANT;
      assert.equal(ledger.account(one.payer)?.balance, before - moved);
      assert.deepEqual(await ledger.commit(), { transfers: status === 'ok' ? 1 : 0 });
    });
  }

  test('its check says the same as far as the balance, and moves nothing', async (t) => {
    const ledger = await community(t);
    await ledger.prefetch(TABLE.map(([, one]) => one));
    const checks: CheckStatus[] = [];
    for (const [status, one] of TABLE) {
      const checked = ledger.check(one);
      const isDecided = status !== 'insufficient_funds' && status !== 'ok';
      assert.equal(
        checked.status,
        isDecided ? status : 'payable',
        `${one.payer} pays ${one.payee} ${one.amount}`,
      );
      if (isDecided) {
        assert.deepEqual(checked, ledger.transfer(one, NOW));
      }
      checks.push(checked.status);
    }
    assert.deepEqual([...new Set(checks)], [...CHECK_STATUSES]);
    assert.deepEqual(await ledger.commit(), { transfers: 0 });
  });

  test('a refused order leaves its id free', async (t) => {
    const ledger = await community(t);
    assert.equal((await pay(ledger, order('alice', 'bob', GRANT, 2))).status, 'insufficient_funds');
    assert.equal((await pay(ledger, order('alice', 'carol', 1, 2))).status, 'ok');
  });
});

describe('register', () => {
  const TABLE: [RegisterStatus, string, LedgerSettings][] = [
    ['name_taken', 'alice', { grant: 100 }],
    ['name_taken', 'issuer', { grant: 100 }],
    ['issue_exhausted', 'dave', { grant: (MAX_AMOUNT + 1) / 4 }],
    ['ok', 'dave', { grant: (MAX_AMOUNT - 3) / 4 }],
    ['ok', 'dave', { grant: 0 }],
  ];

  test('every status has a row, in order', () => {
    const rows = [...new Set(TABLE.map(([status]) => status))];
    assert.deepEqual(rows.toSpliced(1, 0, 'too_many_accounts'), [...REGISTER_STATUSES]);
  });

  for (const [status, name, settings] of TABLE) {
    test(`${status}: ${name} with a grant of ${settings.grant}`, async (t) => {
      const ledger = await openAt(t, newPath(t), settings);
      await registerAll(ledger, 'alice', 'bob', 'carol');
      const { circulation } = ledger;
      const result = ledger.register(name, keyOf('another'), NOW);
      assert.equal(result.status, status);
      assert.equal(ledger.circulation - circulation, status === 'ok' ? settings.grant : 0);
      assert.equal(ledger.accounts, status === 'ok' ? 4 : 3);
      await ledger.commit();
      assert.equal((await ledger.audit()).ok, true);
    });
  }

  test('too_many_accounts: whatever the grant', async (t) => {
    const path = newPath(t);
    await (await openAt(t, path)).close();
    const database = new DatabaseSync(path);
    database
      .prepare('INSERT INTO account (id, name, key, balance, registered_at) VALUES (?, ?, ?, 0, 0)')
      .run(MAX_ACCOUNTS - 1, 'last but one', keyOf('k'));
    database.close();
    const ledger = await openAt(t, path, { grant: 1 });
    assert.equal(ledger.register('last', keyOf('l'), NOW).status, 'ok');
    assert.equal(ledger.register('late', keyOf('l'), NOW).status, 'too_many_accounts');
    assert.equal(ledger.account('late'), undefined);
  });

  test('one key may have two names', async (t) => {
    const ledger = await community(t);
    assert.equal(ledger.register('alice2', keyOf('alice'), NOW).status, 'ok');
    await ledger.commit();
    assert.deepEqual(ledger.account('alice2')?.key, ledger.account('alice')?.key);
  });
});

describe('befriend and unfriend', () => {
  const ASK: [BefriendStatus, string][] = [
    ['unknown', 'nobody'],
    ['unknown', 'issuer'],
    ['self', 'alice'],
    ['too_many', 'crowd'],
    ['ok', 'bob'],
  ];

  test('every status has a row, in order', () => {
    assert.deepEqual([...new Set(ASK.map(([status]) => status))], [...BEFRIEND_STATUSES]);
    assert.deepEqual([...new Set(END.map(([status]) => status))], [...UNFRIEND_STATUSES]);
  });

  for (const [status, other] of ASK) {
    test(`${status}: alice asks ${other}`, async (t) => {
      const ledger = await openAt(t, newPath(t), { grant: 0 });
      await registerAll(ledger, 'alice', 'bob', 'crowd');
      for (let i = 0; i < MAX_FRIENDS; i += 1) {
        ledger.register(`f${i}`, keyOf('f'), NOW);
        assert.equal(ledger.befriend('crowd', `f${i}`).status, 'ok');
      }
      assert.equal(ledger.befriend('alice', other).status, status);
      assert.equal(ledger.friends('alice').length, status === 'ok' ? 1 : 0);
    });
  }

  const END: [UnfriendStatus, string][] = [
    ['unknown', 'nobody'],
    ['self', 'alice'],
    ['ok', 'bob'],
  ];

  for (const [status, other] of END) {
    test(`${status}: alice ends with ${other}`, async (t) => {
      const ledger = await community(t);
      assert.equal(ledger.unfriend('alice', other).status, status);
    });
  }
});
