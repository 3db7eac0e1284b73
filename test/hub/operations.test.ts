import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Operation } from '../../src/ledger/index.ts';
import type { HubInput, Operate, OperationOutcome } from './support/internals.ts';
import { DISK_FULL, orderId, Town } from './support/town.ts';

const NEW_KEY = new Uint8Array(32).fill(99);

let tickets = 0;

function operate(operation: Operation): Operate {
  tickets += 1;
  return { type: 'operate', ticket: tickets, operation };
}

const freeze = (name: string) => operate({ kind: 'freeze', name, reason: 'stolen' });
const issue = (name: string, amount: number, id: number) =>
  operate({ kind: 'issue', name, amount, id: orderId(id), reason: 'cash' });
const redeem = (name: string, amount: number, id: number) =>
  operate({ kind: 'redeem', name, amount, id: orderId(id), reason: 'cash' });
const rekey = (name: string) => operate({ kind: 'rekey', name, key: NEW_KEY, reason: 'lost' });

/** One batch: what it sends, and what came of its operations. */
async function run(town: Town, ...batch: readonly HubInput[]) {
  const { outputs, operated } = await town.hub.execute(batch, town.now);
  const outcomes = operated.map(({ outcome }) => outcome);
  return { outputs: outputs.flat(), outcomes, operated };
}

function statuses(outcomes: readonly OperationOutcome[]): string[] {
  return outcomes.map(({ status }) => status);
}

describe('an operation in the hub', () => {
  test('issue: who is online is told of it as of a payment by the issuer', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const given = issue('alice', 500, 1);
    const { outputs, outcomes, operated } = await run(town, given, alice.ask('list', {}));
    assert.deepEqual(statuses(outcomes), ['ok']);
    assert.equal(operated[0]?.ticket, given.ticket);
    const transfer = {
      seq: 2,
      id: orderId(1),
      from: 'issuer',
      to: 'alice',
      amount: 500,
      memo: 'cash',
      at: town.now,
    };
    assert.deepEqual(alice.told(outputs), [['paid', { transfer }]]);
    assert.equal((alice.result(outputs) as { balance: number }).balance, 10_500, 'in the order of the batch');
    const again = await run(town, { ...given, ticket: 0 });
    assert.deepEqual(statuses(again.outcomes), ['exists']);
    assert.deepEqual(again.outputs, [], 'nobody is told twice');
  });

  test('redeem: never more than there is, and a notice', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    const { outputs, outcomes } = await run(town, redeem('alice', 10_001, 1), redeem('alice', 10_000, 2));
    assert.deepEqual(statuses(outcomes), ['insufficient_funds', 'ok']);
    assert.deepEqual(
      alice.told(outputs).map(([method]) => method),
      ['notice'],
    );
    assert.equal(town.ledger.circulation, 0);
  });

  test('freeze: looking goes on; paying and being paid does not', async (t) => {
    const town = await Town.open(t);
    const [alice, bob] = [await town.member('alice'), await town.member('bob')];
    const first = await run(
      town,
      alice.pay('bob', 1, 1),
      freeze('alice'),
      alice.pay('bob', 1, 2),
      bob.pay('alice', 1, 1),
    );
    assert.deepEqual(alice.codes(first.outputs), [100, 400]);
    assert.deepEqual(bob.codes(first.outputs), [311]);
    assert.deepEqual(
      alice.told(first.outputs).map(([method]) => method),
      ['notice'],
    );
    const refusal = first.outputs.find(
      (output) => output.type === 'refusal' && output.error === 'BAD_REQUEST',
    );
    assert.match(
      String(refusal && 'text' in refusal ? refusal.text : ''),
      /frozen; ask the server's operator/,
    );

    const other = town.visitor(1);
    const { outputs } = await run(
      town,
      other.opened,
      other.login('alice'),
      other.ask('list', {}),
      other.ask('history', {}),
      other.pay('bob', 1, 1),
      other.pay('bob', 1, 2),
    );
    assert.deepEqual(
      other.codes(outputs),
      [100, 100, 100, 100, 400],
      'a payment made before is answered as before',
    );
    await run(town, operate({ kind: 'unfreeze', name: 'alice', reason: 'found' }));
    assert.deepEqual(other.codes((await run(town, other.pay('bob', 1, 2))).outputs), [100]);
  });

  test('rekey: the old key is logged out at once, and only the new one logs in', async (t) => {
    const town = await Town.open(t);
    const [alice, bob] = [await town.member('alice'), await town.member('bob')];
    const { outputs, outcomes } = await run(
      town,
      rekey('alice'),
      alice.pay('bob', 1, 1),
      bob.pay('alice', 1, 1),
    );
    assert.deepEqual(statuses(outcomes), ['ok']);
    assert.deepEqual(alice.codes(outputs), [220]);
    assert.deepEqual(bob.codes(outputs), [311]);
    assert.deepEqual(
      alice.told(outputs).map(([method]) => method),
      ['notice', 'kicked'],
    );
    assert.ok(alice.heard(outputs).some(({ type }) => type === 'close'));
    assert.ok(outputs.some((output) => output.type === 'departed' && output.name === 'alice'));
    const [old, owner] = [town.visitor(1), town.visitor(99)];
    const { outputs: logins } = await run(
      town,
      old.opened,
      owner.opened,
      old.login('alice'),
      owner.login('alice'),
    );
    assert.deepEqual([old.codes(logins), owner.codes(logins)], [[220], [100]]);
    const looked = await run(town, bob.ask('lookup', { name: 'alice' }));
    assert.deepEqual((bob.result(looked.outputs) as { key: Uint8Array }).key, NEW_KEY);
  });

  test('about nobody, or nothing new, changes nothing and tells nobody', async (t) => {
    const town = await Town.open(t);
    await town.member('alice');
    const unfreeze = operate({ kind: 'unfreeze', name: 'alice', reason: 'x' });
    const { outputs, outcomes } = await run(town, freeze('nobody'), unfreeze);
    assert.deepEqual(statuses(outcomes), ['account_unknown', 'not_frozen']);
    assert.deepEqual(outputs, []);
  });

  test('that cannot be written has not happened, and nobody is told', async (t) => {
    const town = await Town.open(t);
    const alice = await town.member('alice');
    town.commitError = DISK_FULL;
    const failed = await run(town, rekey('alice'), issue('alice', 5, 1), freeze('alice'));
    assert.deepEqual(statuses(failed.outcomes), ['failed', 'failed', 'failed']);
    assert.deepEqual(failed.outputs, []);
    town.commitError = undefined;
    const { outputs } = await run(town, alice.ask('list', {}));
    assert.equal((alice.result(outputs) as { balance: number }).balance, 10_000);
    assert.deepEqual((await town.ledger.audit()).problems, []);
  });

  test('stands in the log, without its reason or key', async (t) => {
    const town = await Town.open(t);
    await town.member('alice');
    const { events } = await town.hub.execute([rekey('alice'), freeze('nobody')], town.now);
    assert.deepEqual(
      events.filter(({ event }) => event === 'operation'),
      [
        { event: 'operation', kind: 'rekey', name: 'alice', status: 'ok' },
        { event: 'operation', kind: 'freeze', name: 'nobody', status: 'account_unknown' },
      ],
    );
  });
});
