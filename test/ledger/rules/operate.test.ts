import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import {
  type Ledger,
  MAX_AMOUNT,
  type Operation,
  type OperationStatus,
  operationOrder,
  sqliteArchive,
} from '../../../src/ledger/index.ts';
import {
  FailingStore,
  idOf,
  keyOf,
  NOW,
  newPath,
  openAt,
  openOn,
  order,
  pay,
  registerAll,
} from '../support/fixtures.ts';
import { OPERATION_STATUSES } from '../support/internals.ts';

const GRANT = 100;

function freeze(name: string): Operation {
  return { kind: 'freeze', name, reason: 'stolen' };
}

function unfreeze(name: string): Operation {
  return { kind: 'unfreeze', name, reason: 'found' };
}

function issue(name: string, amount: number, id: number, reason = 'cash'): Operation {
  return { kind: 'issue', name, amount, id: idOf(id), reason };
}

function redeem(name: string, amount: number, id: number, reason = 'cash'): Operation {
  return { kind: 'redeem', name, amount, id: idOf(id), reason };
}

function rekey(name: string, key: string): Operation {
  return { kind: 'rekey', name, key: keyOf(key), reason: 'lost' };
}

/** One operation, not committed. */
async function operate(ledger: Ledger, operation: Operation) {
  const looked = operationOrder(operation);
  await ledger.prefetch(looked === undefined ? [] : [looked]);
  return ledger.operate(operation, NOW);
}

/**
 * alice, bob, and carol who is frozen; bob was issued 5 under id 1, and 5 were redeemed from him under id 2.
 */
async function community(t: TestContext): Promise<{ ledger: Ledger; path: string }> {
  const path = newPath(t);
  const ledger = await openAt(t, path, { grant: GRANT });
  await registerAll(ledger, 'alice', 'bob', 'carol');
  for (const operation of [freeze('carol'), issue('bob', 5, 1), redeem('bob', 5, 2)]) {
    assert.equal((await operate(ledger, operation)).status, 'ok');
  }
  await ledger.commit();
  return { ledger, path };
}

describe('an operation of the operator', () => {
  /** Each row meets its own condition, and later ones where it can. */
  const TABLE: [OperationStatus, Operation][] = [
    ['account_unknown', issue('nobody', 0, 1)],
    ['account_unknown', freeze('issuer')],
    ['bad_amount', issue('alice', 0, 1)],
    ['bad_amount', redeem('alice', -1, 2)],
    ['bad_amount', issue('alice', 1.5, 3)],
    ['bad_amount', redeem('alice', MAX_AMOUNT + 1, 3)],
    ['exists', issue('bob', 5, 1)],
    ['exists', redeem('bob', 5, 2)],
    ['id_reused', issue('bob', 6, 1)],
    ['id_reused', issue('alice', 5, 1)],
    ['id_reused', issue('bob', 5, 1, 'other')],
    ['id_reused', redeem('bob', MAX_AMOUNT, 2)],
    ['already_frozen', freeze('carol')],
    ['not_frozen', unfreeze('alice')],
    ['same_key', rekey('alice', 'alice')],
    ['issue_exhausted', issue('alice', MAX_AMOUNT - 3 * GRANT + 1, 3)],
    ['insufficient_funds', redeem('alice', GRANT + 1, 3)],
    ['ok', issue('alice', MAX_AMOUNT - 3 * GRANT, 3)],
    ['ok', redeem('alice', GRANT, 3)],
    ['ok', redeem('alice', 5, 2)],
    ['ok', redeem('carol', 1, 3)],
    ['ok', issue('carol', 1, 3)],
    ['ok', freeze('alice')],
    ['ok', unfreeze('carol')],
    ['ok', rekey('alice', 'bob')],
  ];

  test('every status has a row, in order', () => {
    assert.deepEqual([...new Set(TABLE.map(([status]) => status))], [...OPERATION_STATUSES]);
  });

  for (const [status, operation] of TABLE) {
    test(`${status}: ${operation.kind} ${operation.name}${'amount' in operation ? ` ${operation.amount}` : ''}`, async (t) => {
      const { ledger, path } = await community(t);
      const before = { balance: ledger.account(operation.name)?.balance ?? 0, all: ledger.circulation };
      const { status: given } = await operate(ledger, operation);
      assert.equal(given, status);
      const moved =
        status === 'ok' && 'amount' in operation
          ? operation.kind === 'issue'
            ? operation.amount
            : -operation.amount
          : 0;
      await ledger.commit();
      await ledger.close();
      const again = await openAt(t, path);
      assert.equal(again.account(operation.name)?.balance ?? 0, before.balance + moved);
      assert.equal(again.circulation, before.all + moved);
      const { problems, transfers } = await again.audit();
      assert.deepEqual([problems, transfers], [[], moved === 0 ? 5 : 6]);
    });
  }

  test('what it has changed is found again after a restart', async (t) => {
    const { ledger, path } = await community(t);
    for (const operation of [freeze('alice'), rekey('alice', 'new'), unfreeze('carol')]) {
      assert.equal((await operate(ledger, operation)).status, 'ok');
    }
    await ledger.commit();
    await ledger.close();
    const again = await openAt(t, path);
    assert.deepEqual([again.account('alice')?.frozen, again.account('carol')?.frozen], [true, false]);
    assert.deepEqual(again.account('alice')?.key, keyOf('new'));
    assert.deepEqual((await again.audit()).problems, []);
  });

  test('of somebody who has just registered is committed with the registration', async (t) => {
    const { ledger, path } = await community(t);
    ledger.register('dave', keyOf('dave'), NOW);
    for (const operation of [
      rekey('dave', 'new'),
      freeze('dave'),
      issue('dave', 7, 9),
      redeem('dave', 3, 9),
    ]) {
      assert.equal((await operate(ledger, operation)).status, 'ok');
    }
    await ledger.commit();
    await ledger.close();
    const again = await openAt(t, path);
    const { balance, frozen, key } = again.account('dave') ?? assert.fail();
    assert.deepEqual([balance, frozen, key], [GRANT + 4, true, keyOf('new')]);
    assert.deepEqual((await again.audit()).problems, []);
  });

  test('shows in the history of the account, from and to the issuer, with its reason', async (t) => {
    const { ledger } = await community(t);
    const seen = (await ledger.history('bob', undefined, 2)).map(({ from, to, amount, memo }) => [
      from,
      to,
      amount,
      memo,
    ]);
    assert.deepEqual(seen, [
      ['bob', 'issuer', 5, 'cash'],
      ['issuer', 'bob', 5, 'cash'],
    ]);
  });

  for (const failure of ['refused', 'midway'] as const) {
    test(`is forgotten when its commit fails (${failure})`, async (t) => {
      const store = new FailingStore(await sqliteArchive(newPath(t)).open());
      const ledger = await openOn(t, store, { grant: GRANT });
      await registerAll(ledger, 'alice');
      const all = [freeze('alice'), rekey('alice', 'new'), issue('alice', 1, 1)];
      for (const operation of all) {
        await operate(ledger, operation);
      }
      store.failCommit = failure;
      await assert.rejects(ledger.commit());
      const { frozen, key, balance } = ledger.account('alice') ?? assert.fail();
      assert.deepEqual([frozen, key, balance], [false, keyOf('alice'), GRANT]);
      for (const operation of all) {
        assert.equal((await operate(ledger, operation)).status, 'ok');
      }
      await ledger.commit();
      assert.deepEqual((await ledger.audit()).problems, []);
    });
  }

  test('is not taken over what another program has written', async (t) => {
    const { ledger, path } = await community(t);
    const database = new DatabaseSync(path);
    database.exec("UPDATE account SET frozen = 1 WHERE name = 'alice'");
    database.close();
    await operate(ledger, freeze('alice'));
    await assert.rejects(ledger.commit(), { code: 'conflict' });
    assert.equal(ledger.account('alice')?.frozen, true, 'what is stored was read again');
  });
});

describe('a frozen account', () => {
  test('pays nobody and is paid by nobody, and what it has paid before stays answered', async (t) => {
    const { ledger } = await community(t);
    const before = order('alice', 'bob', 1, 9);
    assert.equal((await pay(ledger, before)).status, 'ok');
    await operate(ledger, freeze('alice'));
    await ledger.commit();
    assert.equal((await pay(ledger, before)).status, 'exists');
    assert.equal((await pay(ledger, order('alice', 'bob', 1, 10))).status, 'payer_frozen');
    assert.equal((await pay(ledger, order('bob', 'alice', 1, 10))).status, 'payee_frozen');
    await operate(ledger, unfreeze('alice'));
    assert.equal((await pay(ledger, order('alice', 'bob', 1, 10))).status, 'ok');
    assert.equal((await pay(ledger, order('bob', 'alice', 1, 10))).status, 'ok');
  });
});

describe('the audit finds in the log of operations', () => {
  const FINAL = 'DROP TRIGGER operation_is_never_changed; DROP TRIGGER operation_is_never_removed;';
  const CASES: [what: string, statements: string, problem: RegExp][] = [
    ['an entry that was taken out', `${FINAL} DELETE FROM operation WHERE seq = 1`, /schema has no trigger/],
    [
      'an account that was frozen by hand',
      'UPDATE account SET frozen = 1 WHERE id = 1',
      /alice is frozen as stored/,
    ],
    [
      'one that was unfrozen by hand',
      'UPDATE account SET frozen = 0 WHERE id = 3',
      /carol is not frozen as stored/,
    ],
    [
      'a key that was changed by hand',
      'UPDATE account SET key = zeroblob(32) WHERE id = 4',
      /dave has a key as stored/,
    ],
    [
      'money that was redeemed by hand',
      `INSERT INTO transfer VALUES (7, zeroblob(16), 1, 0, 1, NULL, 0, 1, 6);
       UPDATE account SET balance = balance + 1, last_seq = 7, transfers = transfers + 1 WHERE id = 0;
       UPDATE account SET balance = balance - 1, last_seq = 7, transfers = transfers + 1 WHERE id = 1`,
      /transfer 7 is a redeem that no operation explains/,
    ],
    [
      'money that was issued by hand',
      `INSERT INTO transfer VALUES (7, zeroblob(16), 0, 1, 1, NULL, 0, 5, 1);
       UPDATE account SET balance = balance - 1, last_seq = 7, transfers = transfers + 1 WHERE id = 0;
       UPDATE account SET balance = balance + 1, last_seq = 7, transfers = transfers + 1 WHERE id = 1`,
      /transfer 7 is an issue that no operation explains/,
    ],
    [
      'a reason that is not the memo',
      "UPDATE transfer SET memo = 'x' WHERE seq = 5",
      /names transfer 5, which is another/,
    ],
    [
      'an entry about another transfer',
      "INSERT INTO operation VALUES (5, 0, 'issue', 1, 'x', 1, NULL, NULL)",
      /operation 5 names transfer 1, which is another/,
    ],
    [
      'an entry about no transfer of the issuer',
      "INSERT INTO operation VALUES (5, 0, 'issue', 1, 'x', 7, NULL, NULL)",
      /operation 5 names transfer 7, which the issuer has no part in/,
    ],
    [
      'a gap',
      "INSERT INTO operation VALUES (6, 0, 'freeze', 1, 'x', NULL, NULL, NULL)",
      /operation 6 follows operation 4/,
    ],
    [
      'a freeze of the frozen',
      "INSERT INTO operation VALUES (5, 0, 'freeze', 3, 'x', NULL, NULL, NULL)",
      /changes nothing/,
    ],
    [
      'a rekey from a key that it did not have',
      "INSERT INTO operation VALUES (5, 0, 'rekey', 4, 'x', NULL, zeroblob(32), (SELECT key FROM account WHERE id = 4))",
      /replaced another key of account 4/,
    ],
    [
      'an entry that is not in memory',
      "INSERT INTO operation VALUES (5, 0, 'unfreeze', 3, 'x', NULL, NULL, NULL)",
      /last operation: 5 on disk, 4 in memory/,
    ],
  ];

  for (const [what, statements, problem] of CASES) {
    test(what, async (t) => {
      const { ledger, path } = await community(t);
      ledger.register('dave', keyOf('dave'), NOW);
      await ledger.commit();
      await operate(ledger, rekey('dave', 'new'));
      await ledger.commit();
      assert.deepEqual((await ledger.audit()).problems, []);
      const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
      database.exec(`PRAGMA ignore_check_constraints = ON; ${statements}`);
      database.close();
      const { ok, problems } = await ledger.audit();
      assert.equal(ok, false);
      assert.match(problems.join('\n'), problem);
    });
  }
});
