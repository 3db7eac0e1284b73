// The columns of the demo.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { fold, heads, type Line, laneWidth, rows } from '../demo/lanes.ts';

let order = 0;
const line = (text: string, typed = false): Line => ({ text, typed, order: order++ });

describe('the lanes of the demo', () => {
  test('a line is folded at spaces, and what continues it is moved in', () => {
    assert.deepEqual(fold('alice gives you 12.50 dollars', 16), ['alice gives you', '  12.50 dollars']);
    assert.deepEqual(fold('short', 16), ['short']);
    assert.deepEqual(fold('', 16), ['']);
  });

  test('a word longer than the lane is cut, and nothing of it lost', () => {
    const folded = fold('0123456789abcdef', 6);
    assert.equal(folded.map((part) => part.trim()).join(''), '0123456789abcdef');
    assert.ok(folded.every((part) => part.length <= 6));
  });

  test('every word comes through, and no line is wider than its lane', () => {
    const words = fc.array(fc.stringMatching(/^[!-~]{1,40}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 60 }), (list, width) => {
        const folded = fold(list.join(' '), width);
        assert.ok(folded.every((part) => part.length <= width));
        assert.equal(folded.join('').replaceAll(' ', ''), list.join(''));
      }),
    );
  });

  test('what comes later in another lane stands no higher', () => {
    const [one, two, three, four] = [line('one'), line('two'), line('three'), line('four')];
    const text = stripVTControlCharacters(
      rows(
        [
          [one, four],
          [two, three],
        ],
        40,
      ),
    );
    const cells = text.split('\n').map((row) => row.split('│').map((cell) => cell.trim()));
    assert.deepEqual(cells, [
      ['one', 'two'],
      ['four', 'three'],
    ]);
  });

  for (const width of [80, 100]) {
    test(`three lanes in ${width} columns`, () => {
      const lanes = [[line('x'.repeat(90)), line('y')], [], [line('pay bob 12.50 for lunch', true)]];
      const text = stripVTControlCharacters(
        `${heads(['server', 'alice', 'bob'], width)}\n${rows(lanes, width)}`,
      );
      assert.ok(text.split('\n').every((row) => row.length <= width));
      const lane = laneWidth(3, width);
      const third = text.split('\n').map((row) => row.slice(2 * (lane + 3)));
      assert.ok(third.some((cell) => cell.startsWith('> pay bob')));
    });
  }
});
