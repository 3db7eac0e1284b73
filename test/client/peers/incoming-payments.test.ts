import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Transfer } from '../../../src/protocol/index.ts';
import {
  DIRECT_GRACE_MS,
  IncomingPayments,
  MAX_UNCONFIRMED_PAYMENTS,
  MAX_WAITING_PAYMENTS,
} from '../support/internals.ts';

function transfer(seq: number, over: Partial<Transfer> = {}): Transfer {
  const id = new Uint8Array(16).fill(seq);
  return { seq, id, from: 'alice', to: 'bob', amount: 5, memo: '', at: 1, ...over };
}

/** What was said, such as `paid 1 true` and `unconfirmed 1`. `muted`: whose claims may not be shown. */
function begin(t: TestContext, muted?: string): { payments: IncomingPayments; said: string[] } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const said: string[] = [];
  const payments = new IncomingPayments({
    mayShow: (payer) => payer !== muted,
    paid: ({ seq }, directly) => said.push(`paid ${seq} ${directly}`),
    unconfirmed: ({ seq }) => said.push(`unconfirmed ${seq}`),
  });
  return { payments, said };
}

test('the payer first: unconfirmed, and paid once the server says so', (t) => {
  const { payments, said } = begin(t);
  payments.claim(transfer(1));
  t.mock.timers.tick(10 * DIRECT_GRACE_MS);
  assert.deepEqual(said, ['unconfirmed 1']);
  payments.confirm(transfer(1), true);
  assert.deepEqual(said, ['unconfirmed 1', 'paid 1 true']);
});

test('the server first: it waits for the payer, and no longer than it should', (t) => {
  const { payments, said } = begin(t);
  payments.confirm(transfer(1), true);
  payments.confirm(transfer(2), true);
  t.mock.timers.tick(DIRECT_GRACE_MS - 1);
  payments.claim(transfer(2));
  assert.deepEqual(said, ['paid 2 true']);
  t.mock.timers.tick(1);
  assert.deepEqual(said, ['paid 2 true', 'paid 1 false']);
});

test('without peer links nothing waits', (t) => {
  const { payments, said } = begin(t);
  payments.confirm(transfer(1), false);
  assert.deepEqual(said, ['paid 1 false']);
});

test('each transfer is paid once and unconfirmed once, whoever repeats it', (t) => {
  const { payments, said } = begin(t);
  for (let times = 0; times < 3; times++) {
    payments.claim(transfer(1));
  }
  for (let times = 0; times < 3; times++) {
    payments.confirm(transfer(1), true);
  }
  payments.claim(transfer(1));
  t.mock.timers.tick(DIRECT_GRACE_MS);
  assert.deepEqual(said, ['unconfirmed 1', 'paid 1 true']);
});

for (const [what, lie] of Object.entries({
  id: { id: new Uint8Array(16).fill(9) },
  amount: { amount: 500 },
  from: { from: 'carol' },
  memo: { memo: 'for nothing' },
  at: { at: 2 },
})) {
  test(`a payer who says another ${what} than the server has not told it`, (t) => {
    const { payments, said } = begin(t);
    payments.claim(transfer(1, lie));
    payments.confirm(transfer(1), true);
    t.mock.timers.tick(DIRECT_GRACE_MS);
    assert.deepEqual(said, ['unconfirmed 1', 'paid 1 false']);
    payments.confirm(transfer(2), true);
    payments.claim(transfer(2, lie));
    t.mock.timers.tick(DIRECT_GRACE_MS);
    assert.deepEqual(said.slice(2), ['paid 2 false']);
  });
}

test('a payer who speaks for the payment of another before it is made changes nothing of how that is said', (t) => {
  const { payments, said } = begin(t);
  payments.claim(transfer(1, { from: 'mallory' }));
  payments.claim(transfer(1));
  payments.confirm(transfer(1), true);
  assert.deepEqual(said, ['unconfirmed 1', 'unconfirmed 1', 'paid 1 true']);
  payments.claim(transfer(2, { from: 'mallory' }));
  payments.confirm(transfer(2), true);
  payments.claim(transfer(2));
  assert.deepEqual(said.slice(3), ['unconfirmed 2', 'paid 2 true']);
});

test('a payer who talks too much is not shown with what only they say, and it is remembered all the same', (t) => {
  const { payments, said } = begin(t, 'alice');
  payments.claim(transfer(1));
  payments.claim(transfer(2, { from: 'carol' }));
  payments.confirm(transfer(1), true);
  assert.deepEqual(said, ['unconfirmed 2', 'paid 1 true']);
});

test('flush says what is confirmed, and nothing else', (t) => {
  const { payments, said } = begin(t);
  payments.confirm(transfer(1), true);
  payments.claim(transfer(2));
  payments.flush();
  t.mock.timers.tick(DIRECT_GRACE_MS);
  assert.deepEqual(said, ['unconfirmed 2', 'paid 1 false']);
});

test('what is remembered is bounded: the oldest goes first', (t) => {
  const { payments, said } = begin(t);
  for (let seq = 1; seq <= MAX_UNCONFIRMED_PAYMENTS + 1; seq++) {
    payments.claim(transfer(seq));
  }
  said.length = 0;
  payments.confirm(transfer(1), false);
  payments.confirm(transfer(2), false);
  assert.deepEqual(said, ['paid 1 false', 'paid 2 true']);
  said.length = 0;
  for (let seq = 1_001; seq <= 1_001 + MAX_WAITING_PAYMENTS; seq++) {
    payments.confirm(transfer(seq), true);
  }
  assert.deepEqual(said, ['paid 1001 false']);
});
