import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { amountText, balanceText, looksLikeAmount, parseAmount, toDecimal } from '../support/internals.ts';

const dollars = { name: 'dollars', scale: 2 };

describe('parseAmount', () => {
  const READ: [text: string, scale: number, minor: number][] = [
    ['12.5', 2, 1250],
    ['12.50', 2, 1250],
    ['10', 2, 1000],
    ['0.01', 2, 1],
    ['0', 2, 0],
    ['0.00', 2, 0],
    ['7', 0, 7],
    ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
    ['0.000000000000001', 15, 1],
  ];
  for (const [text, scale, minor] of READ) {
    test(`${text} with ${scale} decimals is ${minor} minor units`, () => {
      assert.deepEqual(parseAmount(text, scale), { minor });
    });
  }

  const REFUSED: [text: string, scale: number, mistake: RegExp][] = [
    ['', 2, /not an amount/],
    ['-1', 2, /not an amount/],
    ['+1', 2, /not an amount/],
    ['1e3', 2, /not an amount/],
    ['0x10', 2, /not an amount/],
    ['1,000', 2, /not an amount/],
    ['1 000', 2, /not an amount/],
    ['.5', 2, /not an amount/],
    ['5.', 2, /not an amount/],
    ['1.2.3', 2, /not an amount/],
    ['007', 2, /not an amount/],
    ['NaN', 2, /not an amount/],
    ['Infinity', 2, /not an amount/],
    ['١٢', 2, /not an amount/],
    ['10\n', 2, /not an amount/],
    ['12.505', 2, /at most 2 decimals/],
    ['12.500', 2, /at most 2 decimals/],
    ['7.0', 0, /no decimals/],
    ['90071992547409.92', 2, /too large/],
    ['9'.repeat(400), 2, /too large/],
  ];
  for (const [text, scale, mistake] of REFUSED) {
    test(`${JSON.stringify(text.slice(0, 20))} with ${scale} decimals is refused`, () => {
      const amount = parseAmount(text, scale);
      assert.ok('mistake' in amount);
      assert.match(amount.mistake, mistake);
    });
  }

  test('whatever is read looks like an amount', () => {
    assert.ok(looksLikeAmount('12.505'));
    assert.ok(!looksLikeAmount('ten'));
  });

  test('what programs are shown is read back as the same amount', () => {
    const minorUnits = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(minorUnits, fc.integer({ min: 0, max: 15 }), (minor, scale) => {
        assert.deepEqual(parseAmount(toDecimal(minor, scale), scale), { minor });
      }),
    );
  });
});

describe('amounts as text', () => {
  const TEXTS: [minor: number, decimal: string, sentence: string, balance: string][] = [
    [0, '0.00', '0 dollars', '0.00 dollars'],
    [1, '0.01', '0.01 dollars', '0.01 dollars'],
    [1000, '10.00', '10 dollars', '10.00 dollars'],
    [1250, '12.50', '12.50 dollars', '12.50 dollars'],
    [1_000_000, '10000.00', '10,000 dollars', '10,000.00 dollars'],
    [123_456_789, '1234567.89', '1,234,567.89 dollars', '1,234,567.89 dollars'],
    [-5, '-0.05', '-0.05 dollars', '-0.05 dollars'],
    [-100_000, '-1000.00', '-1,000 dollars', '-1,000.00 dollars'],
    [
      Number.MAX_SAFE_INTEGER,
      '90071992547409.91',
      '90,071,992,547,409.91 dollars',
      '90,071,992,547,409.91 dollars',
    ],
  ];
  for (const [minor, decimal, sentence, balance] of TEXTS) {
    test(`${minor} minor units: ${decimal}, ${sentence}, ${balance}`, () => {
      assert.equal(toDecimal(minor, 2), decimal);
      assert.equal(amountText(minor, dollars), sentence);
      assert.equal(balanceText(minor, dollars), balance);
    });
  }

  test('a currency without decimals has no point', () => {
    assert.equal(toDecimal(1234, 0), '1234');
    assert.equal(balanceText(1234, { name: 'beans', scale: 0 }), '1,234 beans');
  });

  test("a server's name for its currency is made printable", () => {
    assert.equal(amountText(100, { name: 'x\u001b[2J', scale: 2 }), '1 x\\u{1b}[2J');
  });
});
