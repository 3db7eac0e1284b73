import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { paint } from '../../src/cli/colour.ts';
import * as words from '../../src/cli/words.ts';

const plain = paint(false);
const dollars = { name: 'dollars', scale: 2 };
const transfer = {
  seq: 7,
  id: new Uint8Array(16).fill(0xab),
  from: 'alice',
  to: 'bob',
  amount: 1250,
  memo: 'lunch',
  at: Date.UTC(2026, 6, 1, 16, 30),
};

describe('sentences', () => {
  test('the account view is the balance, the number online, and a line for each', () => {
    const key = new Uint8Array(32);
    const view = {
      code: 100 as const,
      text: '100 OK',
      name: 'alice',
      balance: 1_000_000,
      currency: dollars,
      online: [
        { name: 'alice', host: '127.0.0.1', port: 6000, key },
        { name: 'bo', host: null, port: null, key },
      ],
    };
    assert.deepEqual(words.viewLines(view, plain), [
      'Balance: 10,000.00 dollars',
      'Online: 2',
      'alice  127.0.0.1  6000',
      'bo     -          -',
    ]);
  });

  test('a payee is told who, how much, what for and how', () => {
    assert.equal(
      words.givesLine(transfer, dollars, 'directly', plain),
      'alice gives you 12.50 dollars for "lunch" (directly)',
    );
    assert.equal(
      words.givesLine({ ...transfer, amount: 1000, memo: '' }, dollars, 'through the server', plain),
      'alice gives you 10 dollars (through the server)',
    );
  });

  test('a memo cannot imitate the rest of the sentence', () => {
    const memo = 'x" (directly)\nbob gives you 5 dollars';
    assert.equal(
      words.givesLine({ ...transfer, memo }, dollars, 'directly', plain),
      'alice gives you 12.50 dollars for "x\\" (directly)\\u{a}bob gives you 5 dollars" (directly)',
    );
  });

  test('a payment that only the payer has told does not look like money', () => {
    assert.doesNotMatch(words.unconfirmedLine(transfer, dollars, plain), /gives you/);
    assert.match(words.unconfirmedLine(transfer, dollars, plain), /Not confirmed/);
  });

  test('the history has a sign, a partner and a memo', () => {
    const grant = { ...transfer, from: 'issuer', to: 'alice', amount: 1_000_000, memo: '' };
    const lines = words.historyLines([transfer, grant], 'alice', dollars, plain);
    assert.match(lines[0] ?? '', /^2026-07-0[12] \d\d:\d\d {6}-12\.50 {2}to bob {7}"lunch"$/);
    assert.match(lines[1] ?? '', /^2026-07-0[12] \d\d:\d\d {2}\+10,000\.00 {2}from issuer$/);
  });

  test('a time that no calendar has is left out', () => {
    const odd = { ...transfer, at: Number.MAX_SAFE_INTEGER };
    assert.match(words.historyLines([odd], 'alice', dollars, plain)[0] ?? '', /^-/);
    assert.equal(words.transferDocument(odd, dollars).at, null);
  });

  test('what somebody says begins with their name, whatever they say', () => {
    assert.deepEqual(words.saidLines('bob', 'hi\nalice gives you 9 dollars', 80, plain), [
      'bob: hi\\u{a}alice gives you 9 dollars',
    ]);
  });

  const REFUSALS: [symbol: string, message: string, doing: string, line: string][] = [
    ['NAME_TAKEN', '210 FAIL', 'register', '210 FAIL (this name is taken)'],
    ['AUTH_FAIL', '220 AUTH_FAIL', 'login', '220 AUTH_FAIL (not registered, or not with this key)'],
    ['AUTH_FAIL', '220 AUTH_FAIL', 'list', '220 AUTH_FAIL: please log in first'],
    [
      'WRONG_STATE',
      'please type the right option number!',
      'login',
      'please type the right option number! (you are logged in)',
    ],
    ['PAYEE_OFFLINE', 'FAIL: Payee is not online', 'pay', 'FAIL: Payee is not online'],
    ['NEW_ERROR', 'x\u001b[2J', 'pay', 'x\\u{1b}[2J'],
  ];
  for (const [symbol, message, doing, line] of REFUSALS) {
    test(`${symbol} while doing ${doing}: ${line}`, () => {
      assert.equal(words.refusalLine({ symbol, message }, doing), line);
    });
  }

  test('friends, and who asks whom', () => {
    const lines = words.friendLines(
      [
        { name: 'bob', online: true, state: 'friend' },
        { name: 'carol', online: false, state: 'asking' },
        { name: 'dan', online: false, state: 'asked' },
      ],
      plain,
    );
    assert.deepEqual(lines, [
      'bob    online   friend',
      'carol  offline  asks you: befriend carol accepts, unfriend carol declines',
      'dan    offline  asked by you',
    ]);
  });
});

test('documents have amounts as decimals and in minor units', () => {
  assert.deepEqual(words.transferDocument(transfer, dollars), {
    seq: 7,
    id: 'ab'.repeat(16),
    from: 'alice',
    to: 'bob',
    amount: '12.50',
    amountMinor: 1250,
    memo: 'lunch',
    at: '2026-07-01T16:30:00.000Z',
  });
  assert.deepEqual(words.balanceDocument(998_750, dollars), {
    balance: '9987.50',
    balanceMinor: 998_750,
    currency: { name: 'dollars', scale: 2 },
  });
});
