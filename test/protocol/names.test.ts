import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { foldName, isAccountName } from '../../src/protocol/index.ts';
import { anyCharacter, anyName } from './support/arbitraries.ts';

describe('names', () => {
  const NAMES: readonly (readonly [string, string])[] = [
    ['alice', 'alice'],
    ['Alice', 'alice'],
    ['ALICE', 'alice'],
    ['a', 'a'],
    ['Z', 'z'],
    ['a1', 'a1'],
    ['mary-ann.o_neil', 'mary-ann.o_neil'],
    ['constructor', 'constructor'],
    ['toString', 'tostring'],
    ['hasOwnProperty', 'hasownproperty'],
    ['issuers', 'issuers'],
    ['lists', 'lists'],
    ['x'.repeat(32), 'x'.repeat(32)],
    ['X'.repeat(32), 'x'.repeat(32)],
  ];
  for (const [typed, name] of NAMES) {
    test(`${typed} is ${name}`, () => {
      assert.equal(foldName(typed), name);
      assert.equal(isAccountName(name), true);
      assert.equal(isAccountName(typed), typed === name);
    });
  }

  const NO_NAMES: readonly (readonly [what: string, text: string])[] = [
    ['nothing', ''],
    ['33 letters', 'x'.repeat(33)],
    ['a digit first', '1alice'],
    ['a dot first', '.alice'],
    ['a hyphen first', '-alice'],
    ['an underscore first', '_alice'],
    ['__proto__', '__proto__'],
    ['a space', 'al ice'],
    ['a space behind', 'alice '],
    ['a line end behind', 'alice\n'],
    ['a line end before', '\nalice'],
    ['two lines', 'alice\nbob'],
    ['a NUL', 'alice\0'],
    ['the # of the raw commands', 'alice#1'],
    ['an @', '@alice'],
    ['a slash', 'a/b'],
    ['an accent', 'aliçe'],
    ['an accent as its own mark', 'alic\u0327e'],
    ['a Cyrillic a', 'b\u0430b'],
    ['a Greek omicron', 'b\u03bfb'],
    ['a KELVIN SIGN, which folds to k', '\u212aate'],
    ['a LONG S, which folds up to S', 'i\u017fsuer'],
    ['a dotted capital I, which folds to i and a mark', '\u0130da'],
    ['a dotless i', '\u0131da'],
    ['a fullwidth letter', '\uff41lice'],
    ['a zero-width joiner', 'al\u200dice'],
    ['a direction mark', 'alice\u202e'],
    ['a soft hyphen', 'al\u00adice'],
    ['a lone surrogate', 'a\ud800'],
  ];
  for (const [what, text] of NO_NAMES) {
    test(`not with ${what}`, () => {
      assert.equal(foldName(text), undefined);
      assert.equal(isAccountName(text), false);
    });
  }

  const RESERVED = [
    ...['issuer', 'server', 'farthing', 'operator', 'admin', 'system', 'root'],
    ...['balance', 'online', 'fail'],
    ...['register', 'list', 'payrequest', 'exit'],
  ];
  for (const name of RESERVED) {
    test(`${name} is reserved, in any case`, () => {
      assert.equal(foldName(name), undefined);
      assert.equal(foldName(name.toUpperCase()), undefined);
      assert.equal(foldName(`${name[0]?.toUpperCase()}${name.slice(1)}`), undefined);
      assert.equal(isAccountName(name), true, 'but an account could be called so: the issuer is');
    });
  }

  test('have one form, in lower case, that is itself a name', () => {
    fc.assert(
      fc.property(anyName, fc.infiniteStream(fc.boolean()), (name, upper) => {
        const typed = [...name]
          .map((letter) => (upper.next().value ? letter.toUpperCase() : letter))
          .join('');
        assert.equal(foldName(typed), name);
      }),
    );
  });

  test('are ASCII, whatever is tried', () => {
    const nearLetters = fc.string({
      unit: fc.constantFrom('a', 'K', '\u212a', '\u017f', '\u0131', '1', '.', '\n'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.oneof(nearLetters, fc.string({ unit: anyCharacter, maxLength: 4 })), (text) => {
        const name = foldName(text);
        if (name !== undefined) {
          assert.match(name, /^[a-z][a-z0-9_.-]*$/);
        }
        if (/[^\x20-\x7e]/.test(text)) {
          assert.equal(name, undefined);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
