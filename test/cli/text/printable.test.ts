import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { printable, printableJson, quoted } from '../support/internals.ts';

/** A UTF-16 unit alone, which source text cannot hold. */
const unit = (code: number) => String.fromCharCode(code);

describe('printable', () => {
  const ESCAPED: [what: string, text: string, shown: string][] = [
    ['a line feed', 'a\nb', 'a\\u{a}b'],
    ['a carriage return', 'a\rb', 'a\\u{d}b'],
    ['a tab', 'a\tb', 'a\\u{9}b'],
    ['an escape sequence', '\u001b[2Jx', '\\u{1b}[2Jx'],
    ['a bell', '\u0007', '\\u{7}'],
    ['NUL', '\u0000', '\\u{0}'],
    ['DEL', '\u007f', '\\u{7f}'],
    ['the C1 form of an escape sequence', '\u009b2J', '\\u{9b}2J'],
    ['a right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
    ['isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['an Arabic letter mark', '\u061c', '\\u{61c}'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a zero-width joiner', 'a\u200db', 'a\\u{200d}b'],
    ['a byte order mark', '\ufeff', '\\u{feff}'],
    ['a soft hyphen', '\u00ad', '\\u{ad}'],
    ['a line separator', '\u2028', '\\u{2028}'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ['a Hangul filler', '\u3164', '\\u{3164}'],
    ['private use', '\ue000', '\\u{e000}'],
    ['what is not assigned yet', '\u0378', '\\u{378}'],
    ['a combining mark with nothing to stand on', '\u0338ab', '\\u{338}ab'],
    ['a tower of combining marks', `a${'\u0301'.repeat(8)}`, `a${'\u0301'.repeat(6)}\\u{301}\\u{301}`],
    ['a non-character', '\uffff', '\\u{ffff}'],
    ['a high surrogate alone', `a${unit(0xd83d)}b`, 'a\\u{d83d}b'],
    ['a low surrogate alone', unit(0xde00), '\\u{de00}'],
  ];
  for (const [what, text, shown] of ESCAPED) {
    test(`${what} is shown, not sent`, () => assert.equal(printable(text), shown));
  }

  for (const text of [
    'hello',
    'Grüße, 你好, שלום',
    'Tiê\u0323\u0301ng, בְּרֵאשִׁ֖ית, मृत्युंजय',
    '😀 ❤️ 1️⃣',
    'back\\slash "quotes"',
    '',
  ]) {
    test(`${JSON.stringify(text)} stays as it is`, () => assert.equal(printable(text), text));
  }

  test('no text whatever leaves a control or format character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(printable(text), /[\p{C}\p{Zl}\p{Zp}]|^\p{M}|\p{M}{7}/u);
      }),
    );
  });
});

test('a quoted text cannot end its own quotation', () => {
  assert.equal(quoted('a" (directly)\n'), '"a\\" (directly)\\u{a}"');
});

describe('printableJson', () => {
  test('is one line without anything that a terminal would act on', () => {
    const line = printableJson({ text: '\u001b[2J\u009b\u202e\u007f\u2028\n' });
    assert.equal(line, '{"text":"\\u001b[2J\\u009b\\u202e\\u007f\\u2028\\n"}');
  });

  test('says the same to every reader of JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.deepEqual(
          JSON.parse(printableJson({ [text]: text })),
          JSON.parse(JSON.stringify({ [text]: text })),
        );
      }),
    );
  });
});
