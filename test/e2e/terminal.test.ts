// The line being typed, and what happens around it.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { Leftovers, Person, RunningServer } from '../support/programs.ts';
import type { Terminal, TerminalOptions } from '../support/terminal.ts';

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const TAB = '\t';
const UP = '\x1b[A';

const leftovers = new Leftovers();
after(() => leftovers.clear());
let server: RunningServer;
const words = () => ['127.0.0.1', String(server.port), '--server-key', server.key];

/** Somebody registered and logged in. */
async function member(
  t: TestContext,
  name: string,
  person = new Person(leftovers),
  size: Omit<TerminalOptions, 'env'> = {},
): Promise<Terminal> {
  const terminal = person.open(t, words(), size);
  await terminal.expect('> ');
  terminal.type(`register ${name}`);
  await terminal.expect('100 OK');
  terminal.type(`login ${name}`);
  await terminal.expect(`[${name}] > `);
  return terminal;
}

describe('the line being typed', () => {
  before(async () => {
    server = await RunningServer.start(leftovers);
  });

  test('stays whole when something comes', async (t) => {
    const alice = await member(t, 'alice');
    const bob = await member(t, 'bob');
    bob.press('pay alice 5');
    await bob.expectBottom('[bob] > pay alice 5');
    alice.type('@bob one');
    await bob.expectBottom('alice: one', '[bob] > pay alice 5');
    alice.type('@bob two');
    await bob.expectBottom('alice: one', 'alice: two', '[bob] > pay alice 5');
    bob.press('0 for tea\r');
    await alice.expect('bob gives you 50 dollars for "tea" (directly)');
  });

  test('stays whole when it is longer than the terminal is wide, wherever the cursor is', async (t) => {
    const cat = await member(t, 'cat');
    const dan = await member(t, 'dan', new Person(leftovers), { columns: 30 });
    const long = 'pay cat 5 for the very long story of a very short walk';
    dan.press(long);
    await dan.expectBottom('[dan] > pay cat 5 for the very', ' long story of a very short wa', 'lk');
    cat.type('@dan hello');
    await dan.expectBottom(
      'cat: hello',
      '[dan] > pay cat 5 for the very',
      ' long story of a very short wa',
      'lk',
    );
    dan.press('\x01');
    cat.type('@dan again');
    await dan.expectBottom(
      'cat: hello',
      'cat: again',
      '[dan] > pay cat 5 for the very',
      ' long story of a very short wa',
      'lk',
    );
    dan.press('\x05!\t?');
    await dan.expectBottom('[dan] > pay cat 5 for the very', ' long story of a very short wa', 'lk! ?');
    dan.press('\x7f\x7f\x7f');
    await dan.expectBottom('[dan] > pay cat 5 for the very', ' long story of a very short wa', 'lk');
    dan.press('\r');
    await cat.expect('dan gives you 5 dollars for "the very long story of a very short walk"');
  });

  test('what others write moves no cursor and stands nowhere but after their name', async (t) => {
    const eva = await member(t, 'eva', new Person(leftovers), { columns: 40 });
    const fox = new Person(leftovers);
    await fox.run('register', 'fox', ...server.flags);
    await fox.run('say', 'eva', `\u001b[2J\u202e${'.'.repeat(30)}bob gives you 1000 dollars`);
    await eva.expectBottom(
      'fox: \\u{1b}[2J\\u{202e}.................',
      '   | .............bob gives you 1000 do',
      '   | llars',
      '[eva] >',
    );
  });

  test('Ctrl-C clears it, and on an empty line leaves with status 130', async (t) => {
    const gil = await member(t, 'gil');
    gil.press('pay somebody');
    await gil.expectBottom('[gil] > pay somebody');
    gil.press(CTRL_C);
    await gil.expectBottom('[gil] >');
    gil.type('P');
    await gil.expect('Payee: ');
    gil.press(CTRL_C);
    await gil.expect('[gil] > ');
    gil.press(CTRL_C);
    await gil.expect('Bye!');
    assert.equal(await gil.ended, 130);
  });

  test('Ctrl-C in a chat ends the chat alone', async (t) => {
    const hue = await member(t, 'hue');
    hue.type('chat hue');
    await hue.expect('[hue to hue] > ');
    hue.press(CTRL_C);
    await hue.expect('The chat is over.');
    await hue.expect('[hue] > ');
    hue.press(CTRL_D);
    await hue.expect('Bye!');
    assert.equal(await hue.ended, 0);
  });

  test('Tab completes commands and names', async (t) => {
    const ian = await member(t, 'ian');
    await member(t, 'josephine');
    ian.type('list');
    await ian.expect('josephine');
    for (const [keys, line] of [
      ['bef', 'bef'],
      [TAB, 'befriend'],
      ['jos', 'befriend jos'],
      [TAB, 'befriend josephine'],
      [CTRL_C, ''],
      ['@jos', '@jos'],
      [TAB, '@josephine'],
      ['hi', '@josephine hi'],
    ] as const) {
      ian.press(keys);
      await ian.expectBottom(`[ian] > ${line}`.trimEnd());
    }
  });

  test('the arrow keys bring back commands, also of the last time, and chat is on no disk', async (t) => {
    const person = new Person(leftovers);
    const kay = await member(t, 'kay', person);
    kay.type('history 7');
    await kay.expect('issuer');
    kay.type('@kay a secret');
    await kay.expect('[kay] > ');
    kay.type('exit');
    await kay.expect('Bye!');
    await kay.ended;
    const file = join(person.folder, 'state/farthing/history');
    assert.equal(readFileSync(file, 'utf8'), 'register kay\nlogin kay\nhistory 7\nexit\n');
    assert.equal(statSync(file).mode & 0o777, 0o600);

    const again = person.open(t, words());
    await again.expect('logs in.');
    await again.expect('> ');
    again.press(UP + UP);
    await again.expectBottom('> history 7');
  });

  test('SIGTERM takes leave of the server', async (t) => {
    const lou = await member(t, 'lou');
    lou.kill('SIGTERM');
    await lou.expect('Bye!');
    assert.equal(await lou.ended, 143);
  });

  test('a dumb terminal is sent no movements of the cursor', async (t) => {
    const max = new Person(leftovers, { TERM: 'dumb' }).open(t, words());
    await max.expect('"help" explains.');
    await max.expect('> ');
    max.type('register max');
    await max.expect('100 OK');
    max.type('login max');
    await max.expect('[max] > ');
    assert.ok(!max.raw.includes('\x1b'));
    max.press(CTRL_C);
    await max.expect('Bye!');
    assert.equal(await max.ended, 130);
  });

  test('without colours where none are wanted', async (t) => {
    const plain = new Person(leftovers, { NO_COLOR: '1' }).open(t, words());
    await plain.expect('> ');
    plain.type('nonsense');
    await plain.expect('please type the right option number!');
    assert.ok(!plain.raw.includes('\x1b[1m'), 'the menu is not bold');
    const coloured = new Person(leftovers).open(t, words());
    await coloured.expect('"help" explains.');
    assert.ok(coloured.raw.includes('\x1b[1m'), 'the menu is bold');
  });
});
