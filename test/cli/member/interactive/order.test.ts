import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import {
  CLIENT_OPTIONS,
  newOrder,
  orderCommand,
  parseArguments,
  printable,
} from '../../support/internals.ts';

const HERE = { host: '127.0.0.1', port: 1960 };
const ORDER = { from: 'alice', to: 'bob', amount: '12.50', memo: '', id: new Uint8Array(16).fill(0xa5) };
const ID = 'a5'.repeat(16);

/** The words that a program gets from a shell that is given this line. */
function wordsOf(line: string): string[] {
  const script = `farthing() { printf '%s\\0' "$@"; }\n${line}\n`;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.split('\0').slice(0, -1);
}

describe('the command that sends an order again', () => {
  test('names who pays at which server, whatever the profile remembers by then', () => {
    assert.equal(
      orderCommand(ORDER, HERE, 'default'),
      `farthing pay bob 12.50 --id ${ID} --as alice --server 127.0.0.1:1960`,
    );
    assert.equal(
      orderCommand({ ...ORDER, memo: 'lunch' }, { host: 'localhost', port: 6000 }, 'work'),
      `farthing pay bob 12.50 --memo lunch --id ${ID} --as alice --server localhost:6000 --profile work`,
    );
  });

  for (const memo of [
    'two words',
    "it's bob's",
    '$HOME `id` "quoted" \\ back! #1 100% *',
    '~',
    '-5',
    '--id',
    '=ls',
    'für 茶 👍🏽',
    'esc \u001b[2J and \u202e, \u20071!',
    '-\u0007%s\\n',
    "tab\there's",
    'e\u0301',
    '\u0301x',
  ]) {
    test(`is read by a shell as it was meant: ${JSON.stringify(memo)}`, () => {
      const line = orderCommand({ ...ORDER, memo }, { host: '::1', port: 6000 }, 'work');
      assert.equal(printable(line), line, 'it may be shown');
      const { values, positionals } = parseArguments(wordsOf(line), CLIENT_OPTIONS);
      assert.deepEqual(positionals, ['pay', 'bob', '12.50']);
      assert.deepEqual({ ...values }, { memo, id: ID, as: 'alice', server: '[::1]:6000', profile: 'work' });
    });
  }

  test('each order has an id of its own', () => {
    assert.notDeepEqual(newOrder(ORDER).id, newOrder(ORDER).id);
  });
});
