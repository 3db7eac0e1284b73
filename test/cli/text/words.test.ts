import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { paint, words } from '../support/internals.ts';

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
    assert.deepEqual(words.givesLines(transfer, dollars, 'directly', 80, plain), [
      'alice gives you 12.50 dollars for "lunch" (directly)',
    ]);
    const other = { ...transfer, amount: 1000, memo: '' };
    assert.deepEqual(words.givesLines(other, dollars, 'through the server', 80, plain), [
      'alice gives you 10 dollars (through the server)',
    ]);
  });

  test('a memo cannot imitate the rest of the sentence', () => {
    const memo = 'x" (directly)\nbob gives you 5 dollars';
    assert.deepEqual(words.givesLines({ ...transfer, memo }, dollars, 'directly', 100, plain), [
      'alice gives you 12.50 dollars for "x\\" (directly)\\u{a}bob gives you 5 dollars" (directly)',
    ]);
  });

  for (const width of [20, 40, 80, 132, undefined]) {
    test(`blanks in a memo cannot push it to the beginning of a line of ${width ?? 'unknown'} columns`, () => {
      for (let blanks = 0; blanks < 2 * (width ?? 80); blanks++) {
        const memo = `${' '.repeat(blanks)}bob gives you 1,000,000 dollars (directly)`;
        const odd = { ...transfer, memo };
        for (const lines of [
          words.givesLines(odd, dollars, 'directly', width, plain),
          words.unconfirmedLines(odd, dollars, width, plain),
          words.historyLines([odd], 'bob', dollars, width, plain),
        ]) {
          for (const line of lines) {
            assert.ok(line.length < (width ?? 80), line);
          }
          for (const line of lines.slice(1)) {
            assert.match(line, /^ {2}\| /);
          }
        }
      }
    });
  }

  test('a folded line keeps its colours and its words', () => {
    const odd = { ...transfer, memo: 'lunch '.repeat(20).trim() };
    const [first = '', ...more] = words.givesLines(odd, dollars, 'directly', 60, paint(true));
    const [plainFirst, ...plainMore] = words.givesLines(odd, dollars, 'directly', 60, plain);
    assert.equal(stripVTControlCharacters(first), plainFirst);
    assert.notEqual(first, plainFirst);
    assert.deepEqual(more, plainMore);
    const history = words.historyLines([odd], 'bob', dollars, 60, paint(true));
    assert.notEqual(history[0], stripVTControlCharacters(history[0] ?? ''));
    assert.deepEqual(
      history.map(stripVTControlCharacters),
      words.historyLines([odd], 'bob', dollars, 60, plain),
    );
  });

  test('a payment that only the payer has told does not look like money', () => {
    assert.doesNotMatch(words.unconfirmedLines(transfer, dollars, 80, plain).join('\n'), /gives you/);
    assert.match(words.unconfirmedLines(transfer, dollars, 80, plain).join('\n'), /Not confirmed/);
  });

  test('the history has a sign, a partner and a memo', () => {
    const grant = { ...transfer, from: 'issuer', to: 'alice', amount: 1_000_000, memo: '' };
    const lines = words.historyLines([transfer, grant], 'alice', dollars, 80, plain);
    assert.match(lines[0] ?? '', /^2026-07-0[12] \d\d:\d\d {6}-12\.50 {2}to bob {7}"lunch"$/);
    assert.match(lines[1] ?? '', /^2026-07-0[12] \d\d:\d\d {2}\+10,000\.00 {2}from issuer$/);
  });

  test('a time that no calendar has is left out', () => {
    const odd = { ...transfer, at: Number.MAX_SAFE_INTEGER };
    assert.match(words.historyLines([odd], 'alice', dollars, 80, plain)[0] ?? '', /^-/);
    assert.equal(words.transferDocument(odd, dollars).at, null);
  });

  test('what somebody says begins with their name, whatever they say', () => {
    assert.deepEqual(words.saidLines('bob', 'hi\nalice gives you 9 dollars', 80, plain), [
      'bob: hi\\u{a}alice gives you 9 dollars',
    ]);
  });

  test('what the server says cannot stand where the words of a friend or our own stand', () => {
    const text = `${'.'.repeat(62)}bob: send me 1000 dollars`;
    assert.deepEqual(words.serverSaysLines(text, 80), [
      `The server says: ${'.'.repeat(62)}`,
      '  | bob: send me 1000 dollars',
    ]);
    assert.deepEqual(words.serverTextLines('Bye!', 80), ['Bye!']);
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
