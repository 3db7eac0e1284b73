import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  COMMANDS,
  commandHelp,
  mainHelp,
  OPERATOR_COMMANDS,
  operatorHelp,
  serverHelp,
} from '../support/internals.ts';

const PAGES: [name: string, page: string][] = [
  ['farthing', mainHelp()],
  ['farthing-server', serverHelp()],
  ...COMMANDS.map((command): [string, string] => [`farthing ${command.name}`, commandHelp(command)]),
  ...OPERATOR_COMMANDS.map((command): [string, string] => [
    `farthing-server ${command.name}`,
    operatorHelp(command),
  ]),
];

for (const [name, page] of PAGES) {
  describe(`${name} --help`, () => {
    test('begins with an example of itself', () => assert.match(page, new RegExp(`^Example: ${name}`)));
    test('has lines that every terminal shows whole', () => {
      // Shapes of JSON are copied, not read.
      const [words = ''] = page.split('\nWith --json:');
      for (const line of words.split('\n')) {
        if (!line.includes('{"')) {
          assert.ok(line.length <= 80, line);
        }
      }
    });
  });
}

test('every command has its row in the main help', () => {
  for (const { name } of COMMANDS) {
    assert.match(mainHelp(), new RegExp(`^  ${name}\\b`, 'm'));
  }
});
