import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type OptionTable,
  parseArguments,
  readChoice,
  readHex,
  readInteger,
  UsageError,
} from '../support/internals.ts';

const TABLE = {
  memo: { type: 'string', short: 'm', value: 'TEXT', help: '' },
  json: { type: 'boolean', help: '' },
  quiet: { type: 'boolean', short: 'q', help: '' },
  'no-input': { type: 'boolean', help: '' },
} as const satisfies OptionTable;

describe('parseArguments', () => {
  const READ: [argv: string[], values: object, positionals: string[]][] = [
    [[], {}, []],
    [['pay', 'bob', '10'], {}, ['pay', 'bob', '10']],
    [['--json', 'pay', '-m', 'lunch', 'bob'], { json: true, memo: 'lunch' }, ['pay', 'bob']],
    [['--memo=--json'], { memo: '--json' }, []],
    [['-mlunch'], { memo: 'lunch' }, []],
    [['--memo', 'a', '--memo', 'b'], { memo: 'b' }, []],
    [['--memo', ''], { memo: '' }, []],
    [['-q', '--no-input'], { quiet: true, 'no-input': true }, []],
    [['say', 'bob', '--', '--json', '-x'], {}, ['say', 'bob', '--json', '-x']],
    [['-'], {}, ['-']],
  ];
  for (const [argv, values, positionals] of READ) {
    test(JSON.stringify(argv), () => {
      const parsed = parseArguments(argv, TABLE);
      assert.deepEqual(parsed.values, values);
      assert.deepEqual(parsed.positionals, positionals);
    });
  }

  const REFUSED: [argv: string[], message: RegExp, advice: RegExp | undefined][] = [
    [['--jsn'], /there is no option --jsn/, /Did you mean --json\?/],
    [['--zzzzz'], /there is no option --zzzzz/, undefined],
    [['-z'], /there is no option -z/, undefined],
    [['-5'], /there is no option -5/, /without a sign/],
    [['--json=yes'], /--json takes no value/, undefined],
    [['--memo'], /--memo needs a value: TEXT/, undefined],
    [['--memo', '--json'], /--memo needs a value: TEXT/, /--memo=--json/],
    [['--constructor'], /there is no option --constructor/, undefined],
    [['--__proto__'], /there is no option --__proto__/, undefined],
  ];
  for (const [argv, message, advice] of REFUSED) {
    test(`${JSON.stringify(argv)} is refused`, () => {
      assert.throws(
        () => parseArguments(argv, TABLE),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          if (advice === undefined) {
            assert.equal(error.advice, undefined);
          } else {
            assert.match(error.advice ?? '', advice);
          }
          return true;
        },
      );
    });
  }
});

describe('values', () => {
  test('whole numbers within their bounds', () => {
    assert.equal(readInteger('0', 'it', 0, 5), 0);
    assert.equal(readInteger('5', 'it', 0, 5), 5);
    for (const text of ['6', '-1', '1.5', '1e1', '', ' 1', '0x1', '99999999999999999999']) {
      assert.throws(() => readInteger(text, 'it', 0, 5), /it must be a whole number from 0 to 5/);
    }
  });

  test('one of a few words, in any case', () => {
    assert.equal(readChoice('xxHFS', 'it', ['XX', 'XXhfs']), 'XXhfs');
    assert.throws(() => readChoice('X', 'it', ['XX', 'XXhfs']), /it must be XX or XXhfs, not "X"/);
  });

  test('bytes in hex, also grouped as people copy them', () => {
    assert.deepEqual(readHex('00ff', 'it', 2), new Uint8Array([0, 255]));
    assert.deepEqual(readHex('00 FF', 'it', 2), new Uint8Array([0, 255]));
    assert.deepEqual(readHex('00:ff-01', 'it', 3), new Uint8Array([0, 255, 1]));
    for (const text of ['', '0', '00f', '00fg', '00ff00', '0x00']) {
      assert.throws(() => readHex(text, 'it', 2), /it must be 4 hex digits/);
    }
  });
});
