import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete } from '../../support/internals.ts';

const NAMES = ['bob', 'alice', 'bart'];

const CASES: [line: string, hits: string[], word: string][] = [
  ['p', ['pay '], 'p'],
  ['be', ['befriend '], 'be'],
  ['UN', ['unfriend '], 'UN'],
  ['zz', [], 'zz'],
  ['pay b', ['bart ', 'bob '], 'b'],
  ['pay bo', ['bob '], 'bo'],
  ['P B', ['bart ', 'bob '], 'B'],
  ['chat ', ['alice ', 'bart ', 'bob '], ''],
  ['@b', ['@bart ', '@bob '], '@b'],
  ['@bob he', [], 'he'],
  ['pay bob 1', [], '1'],
  ['list b', [], 'b'],
  ['login b', ['bart ', 'bob '], 'b'],
  ['2 b', ['bart ', 'bob '], 'b'],
  ['6 b', ['bart ', 'bob '], 'b'],
  ['Befriend b', ['bart ', 'bob '], 'b'],
  ['unfriend b', ['bart ', 'bob '], 'b'],
  ['register b', [], 'b'],
  ['history b', [], 'b'],
  ['nothing b', [], 'b'],
];
for (const [line, hits, word] of CASES) {
  test(`${JSON.stringify(line)} may become ${JSON.stringify(hits)}`, () => {
    assert.deepEqual(complete(line, NAMES), [hits, word]);
  });
}

test('an empty line may become any command', () => {
  const [hits] = complete('', NAMES);
  for (const word of ['register ', 'login ', 'list ', 'pay ', 'friends ', 'chat ', 'help ', 'exit ']) {
    assert.ok(hits.includes(word), word);
  }
});
