import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  BusyError,
  NotConnectedError,
  newOrderId,
  OutcomeUnknownError,
  RefusedError,
} from '../../src/client/index.ts';
import {
  ERRORS,
  type ErrorName,
  encodeError,
  encodeResult,
  OK,
  type PayResult,
} from '../../src/protocol/index.ts';
import { afterLogin, startFake } from './support/fake-server.ts';
import { next, openWallet } from './support/fixtures.ts';
import { MAX_ORDER_RETRIES, placeOrder } from './support/internals.ts';

const ORDER = { to: 'bob', amount: 7, id: new Uint8Array(16).fill(1), memo: '' };
const PAID = {} as PayResult;
const LOST = new OutcomeUnknownError();
const UNSENT = new NotConnectedError();
const VERDICTS = new Set([310, 311, 312, 313, 314, 315]);

const refusal = (name: ErrorName) => new RefusedError(ERRORS[name].code, name, ERRORS[name].text);
const names = (verdicts: boolean) =>
  (Object.keys(ERRORS) as ErrorName[]).filter((name) => VERDICTS.has(ERRORS[name].code) === verdicts);

/** What becomes of an order on a link with such a story, and how often a pause was made. */
async function tell(
  story: readonly (Error | PayResult)[],
  connected: readonly (Error | undefined)[] = [],
  again = false,
) {
  const [answers, links] = [[...story], [...connected]];
  let pauses = 0;
  const server = {
    ask: async () => {
      const answer = answers.shift();
      assert.ok(answer !== undefined, 'it is asked no more often');
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
    whenConnected: async () => {
      const error = links.shift();
      if (error !== undefined) {
        throw error;
      }
    },
    pause: async () => {
      pauses += 1;
    },
  };
  const outcome: unknown = await placeOrder(server as never, ORDER, again).catch((error: unknown) => error);
  assert.deepEqual([answers, links], [[], []], 'the story is told to its end');
  return { outcome, pauses };
}

function assertUnknown(outcome: unknown, cause: Error): void {
  assert.ok(outcome instanceof OutcomeUnknownError);
  assert.deepEqual([outcome.id, outcome.cause], [ORDER.id, cause]);
  const said = cause instanceof RefusedError ? `the server said: ${cause.message}` : cause.message;
  const why = cause === UNSENT ? 'the link broke before the answer came' : said;
  assert.equal(outcome.message, `${why}: it is not known whether this was done`);
}

describe('an order that was never out of sight', () => {
  for (const error of [...Object.keys(ERRORS).map((name) => refusal(name as ErrorName)), new BusyError()]) {
    test(`${'symbol' in error ? error.symbol : error.name} is the answer`, async () => {
      assert.deepEqual(await tell([error]), { outcome: error, pauses: 0 });
      assert.deepEqual(await tell([UNSENT, error]), { outcome: error, pauses: 0 });
    });
  }

  test('is not connected where the link never comes back', async () => {
    assert.equal((await tell([UNSENT], [UNSENT])).outcome, UNSENT);
  });
});

describe('an order whose answer was lost', () => {
  for (const name of names(true)) {
    test(`${name} is the answer: it was never carried out`, async () => {
      const error = refusal(name);
      assert.deepEqual(await tell([LOST, error]), { outcome: error, pauses: 0 });
    });
  }

  for (const error of [refusal('TOO_MANY'), refusal('INTERNAL'), new BusyError()]) {
    const what = 'symbol' in error ? error.symbol : error.name;
    test(`${what} is none: it is asked again after a pause`, async () => {
      assert.deepEqual(await tell([LOST, error, error, PAID]), { outcome: PAID, pauses: 2 });
      const verdict = refusal('PAYEE_OFFLINE');
      assert.deepEqual(await tell([LOST, error, UNSENT, LOST, error, verdict]), {
        outcome: verdict,
        pauses: 2,
      });
    });

    test(`${what} all the time: the outcome is unknown`, async () => {
      const { outcome, pauses } = await tell([
        LOST,
        ...Array.from({ length: MAX_ORDER_RETRIES + 1 }, () => error),
      ]);
      assertUnknown(outcome, error);
      assert.equal(pauses, MAX_ORDER_RETRIES);
    });

    test(`${what}, and the link is closed in the pause: the outcome is unknown`, async () => {
      const { outcome } = await tell([LOST, error], [undefined, UNSENT]);
      assertUnknown(outcome, UNSENT);
    });
  }

  const others = names(false).filter((name) => name !== 'TOO_MANY' && name !== 'INTERNAL');
  for (const error of [...others.map(refusal), new RefusedError(999, 'NEW', 'of a later version')]) {
    test(`${error.symbol} is none either: the outcome is unknown`, async () => {
      assertUnknown((await tell([LOST, error])).outcome, error);
    });
  }

  test('no link any more, or too many who wait for it: the outcome is unknown', async () => {
    for (const error of [UNSENT, new BusyError()]) {
      assertUnknown((await tell([LOST], [error])).outcome, error);
    }
  });
});

describe('an order that may have been given before', () => {
  test('is answered by its transfer or a verdict, and else unknown from the beginning', async () => {
    const [verdict, busy, denied] = [refusal('PAYEE_OFFLINE'), refusal('TOO_MANY'), refusal('AUTH_FAIL')];
    assert.deepEqual(await tell([busy, PAID], [], true), { outcome: PAID, pauses: 1 });
    assert.deepEqual(await tell([verdict], [], true), { outcome: verdict, pauses: 0 });
    assertUnknown((await tell([denied], [], true)).outcome, denied);
    assertUnknown((await tell([UNSENT], [UNSENT], true)).outcome, UNSENT);
    const impossible = new RangeError('no message can carry that');
    assert.deepEqual(await tell([impossible], [], true), { outcome: impossible, pauses: 0 });
  });

  test('is so only when the wallet is told', async (t) => {
    const { wallet } = await afterLoss(t, ['AUTH_FAIL', 'AUTH_FAIL', 'AUTH_FAIL']);
    const id = newOrderId();
    await assert.rejects(wallet.pay('bob', 1, { id }), { name: 'OutcomeUnknownError', id });
    await assert.rejects(wallet.pay('bob', 1, { id, again: true }), { name: 'OutcomeUnknownError', id });
    await assert.rejects(wallet.pay('bob', 1, { id }), { name: 'RefusedError', code: 220 });
    assert.deepEqual((await wallet.pay('bob', 1, { id, again: true })).transfer.id, id);
  });
});

/**
 * A wallet logged in at a fake server that loses the answer to the first order, and then follows a script.
 */
async function afterLoss(t: TestContext, script: readonly ErrorName[]) {
  const orders: unknown[] = [];
  const server = await startFake(
    t,
    afterLogin((message, link) => {
      if (message.type !== 'request') {
        return;
      }
      const { to, amount, id, memo } = message.params;
      const refused = script[orders.push(id) - 2];
      const transfer = { seq: 1, id, from: 'alice', to, amount, memo, at: 1 };
      if (orders.length === 1) {
        link.destroy();
      } else if (refused !== undefined) {
        link.send(encodeError(message.id, refused));
      } else {
        link.send(encodeResult(message.id, { ...OK, transfer, balance: 4, payee: null }));
      }
    }),
  );
  const wallet = await openWallet(t, server);
  await wallet.login('alice');
  return { wallet, orders };
}

describe('a wallet whose order was cut off', () => {
  test('asks a busy server again under the same id, until it is told', async (t) => {
    const { wallet, orders } = await afterLoss(t, ['TOO_MANY', 'INTERNAL']);
    const id = newOrderId();
    assert.deepEqual((await wallet.pay('bob', 1, { id })).transfer.id, id);
    assert.deepEqual(orders, [id, id, id, id]);
  });

  test('does not call it refused when the server knows us no more', async (t) => {
    const { wallet } = await afterLoss(t, ['AUTH_FAIL']);
    const id = newOrderId();
    await assert.rejects(wallet.pay('bob', 1, { id }), { name: 'OutcomeUnknownError', id });
    // Nothing was lost of this one: it is a new order.
    assert.equal((await wallet.pay('bob', 1)).balance, 4);
  });

  test('and that is closed while it waits for a busy server, does not know', async (t) => {
    const { wallet } = await afterLoss(
      t,
      Array.from({ length: MAX_ORDER_RETRIES }, () => 'TOO_MANY'),
    );
    const id = newOrderId();
    const asked = assert.rejects(wallet.pay('bob', 1, { id }), { name: 'OutcomeUnknownError', id });
    await next(wallet, 'restored');
    await wallet.list().catch(() => undefined);
    await wallet.close();
    await asked;
  });
});
