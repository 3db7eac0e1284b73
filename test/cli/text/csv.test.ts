import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from '../../support/csv.ts';
import { csvLine, inertText } from '../support/internals.ts';

describe('a line of CSV', () => {
  test('is as RFC 4180 has it', () => {
    const fields = [1, 'plain', 'a, b', 'say "hi"', 'two\r\nlines', '', ' blank', 'äöü 🥐'];
    assert.equal(csvLine(fields), '1,plain,"a, b","say ""hi""","two\r\nlines",," blank",äöü 🥐\r\n');
  });

  test('gives every text back to whoever parses it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 5 })),
        (rows) => {
          assert.deepEqual(parseCsv(rows.map(csvLine).join('')), rows);
        },
      ),
    );
  });
});

describe('a text that a spreadsheet must not obey', () => {
  const FORMULAS = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '\u00a0=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    "'=1",
    '=HYPERLINK("http://evil.example","x")',
    '\tx',
  ];
  for (const text of FORMULAS) {
    test(JSON.stringify(text), () => assert.equal(inertText(text), `'${text}`));
  }

  test('is told from an ordinary one', () => {
    for (const text of ['', 'lunch', '12.50', 'a=b', 'for you - me', '🥐', ' x']) {
      assert.equal(inertText(text), text);
    }
  });

  test('comes back whole when one apostrophe is taken away, and no two become the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(inertText(text).replace(/^'/, ''), text);
      }),
    );
  });
});
