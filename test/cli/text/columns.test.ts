import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columns, fold } from '../support/internals.ts';

describe('columns', () => {
  test('are as wide as their widest cell', () => {
    assert.deepEqual(
      columns([
        ['alice', '127.0.0.1', '6000'],
        ['bo', '-', '-'],
      ]),
      ['alice  127.0.0.1  6000', 'bo     -          -'],
    );
  });

  test('may end at the same place', () => {
    assert.deepEqual(
      columns(
        [
          ['a', '-5'],
          ['b', '+1,000'],
        ],
        [1],
      ),
      ['a      -5', 'b  +1,000'],
    );
  });

  test('colours take no room', () => {
    const loud = (text: string) => `<${text}>`;
    assert.deepEqual(
      columns([
        [{ text: 'bo', paint: loud }, 'x'],
        ['alice', 'y'],
      ]),
      ['<bo>     x', 'alice  y'],
    );
  });

  test('of nothing are nothing', () => assert.deepEqual(columns([]), []));
});

describe('fold', () => {
  test('leaves a short text alone', () => assert.deepEqual(fold('bob: hello', '     ', 80), ['bob: hello']));

  test('leaves any text whole where lines have no end', () => {
    const text = `bob: ${'x'.repeat(10_000)}`;
    assert.deepEqual(fold(text, '     ', Number.POSITIVE_INFINITY), [text]);
  });

  test('begins every further line with the indent, so that no text can stand where our own words stand', () => {
    const lines = fold(`bob: ${'.'.repeat(20)}alice gives you 1000 dollars (directly)`, '     ', 26);
    assert.equal(lines.length, 3);
    for (const line of lines.slice(1)) {
      assert.match(line, /^ {5}/);
    }
    for (const line of lines) {
      assert.ok(line.length < 26);
    }
  });

  test('never takes a wide character for a narrow one', () => {
    for (const line of fold('好'.repeat(100), '  ', 40)) {
      assert.ok(Array.from(line.trim()).length * 2 < 40);
    }
  });

  // Letters of which any number join into one character for people, and stand apart for most terminals.
  const JOINED: Record<string, string> = {
    'a Devanagari conjunct': '\u0915\u094d',
    'vowel signs': '\u093e',
    'Malayalam dot reph': '\u0d4e',
    'Hangul jamo': '\u1100',
    flags: '\u{1f1e9}',
    'skin tones': '\u{1f3fd}',
  };
  for (const [what, letters] of Object.entries(JOINED)) {
    test(`${what}: no number of them fills a line unseen`, () => {
      const lines = fold(`bob: ${letters.repeat(60)}alice gives you 1000 dollars`, '   | ', 40);
      for (const line of lines) {
        assert.ok(Array.from(line).length < 40, line);
      }
      for (const line of lines.slice(1)) {
        assert.match(line, /^ {3}\| /);
      }
    });
  }

  test('of an indent that takes more than half of a line the end is used', () => {
    const lines = fold('x'.repeat(100), `${' '.repeat(32)}| `, 21);
    assert.equal(lines.length, 9);
    for (const line of lines.slice(1)) {
      assert.match(line, /^ {8}\| x+$/);
    }
  });

  test('folds at 20 columns where a terminal claims fewer', () => {
    assert.equal(fold('x'.repeat(19), ' ', 1).length, 1);
  });
});
