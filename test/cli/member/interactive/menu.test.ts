import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_WORDS, helpLines, paint, promptText } from '../../support/internals.ts';

const plain = paint(false);

test('the help names every command, in lines that every terminal shows whole', () => {
  const lines = helpLines(plain);
  for (const line of lines) {
    assert.ok(line.length <= 80, line);
  }
  const text = lines.join('\n');
  for (const word of COMMAND_WORDS.filter((word) => word !== 'quit' && word !== 'help')) {
    assert.match(text, new RegExp(`\\b${word}\\b`), word);
  }
});

test('the prompt says who is logged in and whom a chat goes to', () => {
  assert.equal(promptText(undefined, undefined, plain), '> ');
  assert.equal(promptText('alice', undefined, plain), '[alice] > ');
  assert.equal(promptText('alice', 'bob', plain), '[alice to bob] > ');
});
