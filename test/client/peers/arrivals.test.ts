import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Transfer } from '../../../src/protocol/index.ts';
import { Arrivals, DIRECT_GRACE_MS, MAX_UNCONFIRMED, MAX_WAITING } from '../support/internals.ts';

function transfer(seq: number, over: Partial<Transfer> = {}): Transfer {
  const id = new Uint8Array(16).fill(seq);
  return { seq, id, from: 'alice', to: 'bob', amount: 5, memo: '', at: 1, ...over };
}

/** What was said, such as `paid 1 true` and `unconfirmed 1`. `deaf`: who is not heard. */
function begin(t: TestContext, deaf?: string): { arrivals: Arrivals; said: string[] } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const said: string[] = [];
  const arrivals = new Arrivals({
    hears: (payer) => payer !== deaf,
    paid: ({ seq }, directly) => said.push(`paid ${seq} ${directly}`),
    unconfirmed: ({ seq }) => said.push(`unconfirmed ${seq}`),
  });
  return { arrivals, said };
}

test('the payer first: unconfirmed, and paid once the server says so', (t) => {
  const { arrivals, said } = begin(t);
  arrivals.direct(transfer(1));
  t.mock.timers.tick(10 * DIRECT_GRACE_MS);
  assert.deepEqual(said, ['unconfirmed 1']);
  arrivals.confirmed(transfer(1), true);
  assert.deepEqual(said, ['unconfirmed 1', 'paid 1 true']);
});

test('the server first: it waits for the payer, and no longer than it should', (t) => {
  const { arrivals, said } = begin(t);
  arrivals.confirmed(transfer(1), true);
  arrivals.confirmed(transfer(2), true);
  t.mock.timers.tick(DIRECT_GRACE_MS - 1);
  arrivals.direct(transfer(2));
  assert.deepEqual(said, ['paid 2 true']);
  t.mock.timers.tick(1);
  assert.deepEqual(said, ['paid 2 true', 'paid 1 false']);
});

test('without peer links nothing waits', (t) => {
  const { arrivals, said } = begin(t);
  arrivals.confirmed(transfer(1), false);
  assert.deepEqual(said, ['paid 1 false']);
});

test('each transfer is paid once and unconfirmed once, whoever repeats it', (t) => {
  const { arrivals, said } = begin(t);
  for (let times = 0; times < 3; times++) arrivals.direct(transfer(1));
  for (let times = 0; times < 3; times++) arrivals.confirmed(transfer(1), true);
  arrivals.direct(transfer(1));
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
    const { arrivals, said } = begin(t);
    arrivals.direct(transfer(1, lie));
    arrivals.confirmed(transfer(1), true);
    t.mock.timers.tick(DIRECT_GRACE_MS);
    assert.deepEqual(said, ['unconfirmed 1', 'paid 1 false']);
    arrivals.confirmed(transfer(2), true);
    arrivals.direct(transfer(2, lie));
    t.mock.timers.tick(DIRECT_GRACE_MS);
    assert.deepEqual(said.slice(2), ['paid 2 false']);
  });
}

test('a payer who speaks for the payment of another before it is made changes nothing of how that is said', (t) => {
  const { arrivals, said } = begin(t);
  arrivals.direct(transfer(1, { from: 'mallory' }));
  arrivals.direct(transfer(1));
  arrivals.confirmed(transfer(1), true);
  assert.deepEqual(said, ['unconfirmed 1', 'unconfirmed 1', 'paid 1 true']);
  arrivals.direct(transfer(2, { from: 'mallory' }));
  arrivals.confirmed(transfer(2), true);
  arrivals.direct(transfer(2));
  assert.deepEqual(said.slice(3), ['unconfirmed 2', 'paid 2 true']);
});

test('a payer who talks too much is not heard on what only they tell, and is still believed to have told it', (t) => {
  const { arrivals, said } = begin(t, 'alice');
  arrivals.direct(transfer(1));
  arrivals.direct(transfer(2, { from: 'carol' }));
  arrivals.confirmed(transfer(1), true);
  assert.deepEqual(said, ['unconfirmed 2', 'paid 1 true']);
});

test('flush says what is confirmed, and nothing else', (t) => {
  const { arrivals, said } = begin(t);
  arrivals.confirmed(transfer(1), true);
  arrivals.direct(transfer(2));
  arrivals.flush();
  t.mock.timers.tick(DIRECT_GRACE_MS);
  assert.deepEqual(said, ['unconfirmed 2', 'paid 1 false']);
});

test('what is remembered is bounded: the oldest goes first', (t) => {
  const { arrivals, said } = begin(t);
  for (let seq = 1; seq <= MAX_UNCONFIRMED + 1; seq++) arrivals.direct(transfer(seq));
  said.length = 0;
  arrivals.confirmed(transfer(1), false);
  arrivals.confirmed(transfer(2), false);
  assert.deepEqual(said, ['paid 1 false', 'paid 2 true']);
  said.length = 0;
  for (let seq = 1_001; seq <= 1_001 + MAX_WAITING; seq++) arrivals.confirmed(transfer(seq), true);
  assert.deepEqual(said, ['paid 1001 false']);
});
