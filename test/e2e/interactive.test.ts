// Every row of the table of typed commands, in a terminal, against a real server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { Leftovers, Person, RunningServer } from '../support/programs.ts';
import type { Terminal } from '../support/terminal.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
let server: RunningServer;

/** A new person at the prompt, not logged in. */
async function visitor(t: TestContext): Promise<Terminal> {
  const terminal = new Person(leftovers).open(t, [
    '127.0.0.1',
    String(server.port),
    '--server-key',
    server.key,
  ]);
  await terminal.expect('"help" explains.');
  await terminal.expect('> ');
  return terminal;
}

/** A new person, registered and logged in. */
async function member(t: TestContext, name: string): Promise<Terminal> {
  const terminal = await visitor(t);
  terminal.type(`register ${name}`);
  await terminal.expect('100 OK');
  terminal.type(`login ${name}`);
  await terminal.expect('Balance: ');
  await terminal.expect(`[${name}] > `);
  return terminal;
}

async function leaves(terminal: Terminal): Promise<void> {
  terminal.type('exit');
  await terminal.expect('Bye!');
  assert.equal(await terminal.ended, 0);
}

describe('farthing at the prompt', () => {
  before(async () => {
    server = await RunningServer.start(leftovers);
  });

  test('a new user sees the menu, as the README shows it', async (t) => {
    const terminal = new Person(leftovers).open(t, [
      '127.0.0.1',
      String(server.port),
      '--server-key',
      server.key,
    ]);
    await terminal.expect(`Farthing 0.1.0, connected to ${server.endpoint} (XXhfs)\r\n`);
    await terminal.expect('1 Register   2 Login   3 List   4 Pay   5 Friends   6 Chat   0 Exit\r\n');
    await terminal.expect('> ');
    const shown = terminal.screen.bottom(4).slice(0, 3).join('\n');
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    assert.ok(readme.includes(shown.replace(server.endpoint, '127.0.0.1:1960')), shown);
    terminal.type('help');
    await terminal.expect('pay bob 10 for lunch');
    await terminal.expect('Tab completes commands and names.');
  });

  test('REGISTER#alice: 100 OK; 210 FAIL; wrong option when logged in', async (t) => {
    const alice = await visitor(t);
    alice.type('REGISTER#alice');
    await alice.expect('100 OK');
    const other = await visitor(t);
    other.type('register ALICE');
    await other.expect('210 FAIL (this name is taken)');
    alice.type('alice#0');
    await alice.expect('[alice] > ');
    alice.type('register alice2');
    await alice.expect('please type the right option number!');
    await leaves(alice);
  });

  test('R asks the name, L asks name and port; the profile offers its own', async (t) => {
    const bob = await visitor(t);
    bob.type('R');
    await bob.expect('Name: ');
    bob.type('bob');
    await bob.expect('100 OK');
    bob.type('L');
    await bob.expect('Name [bob]: ');
    bob.type('');
    await bob.expect('Port [0]: ');
    bob.type('');
    await bob.expect('Online: 1');
    await bob.expect(/bob {2}127\.0\.0\.1 {2}\d+/);
    await bob.expect('[bob] > ');
    bob.type('2');
    await bob.expect('please type the right option number!');
    await leaves(bob);
  });

  test('login: 220 AUTH_FAIL when not registered, or not with this key', async (t) => {
    const carol = await member(t, 'carol');
    const other = await visitor(t);
    for (const line of ['carol#0', 'login nobody 0']) {
      other.type(line);
      await other.expect('220 AUTH_FAIL (not registered, or not with this key)');
    }
    other.type('login carol 70000');
    await other.expect('the port must be a whole number from 0 to 65535');
    await leaves(carol);
  });

  test('login NAME PORT: the port is the one shown, and one in use is an error that says so', async (t) => {
    const dora = await member(t, 'dora');
    dora.type('ls');
    await dora.expect(/dora {2}127\.0\.0\.1 {2}(\d+)/);
    const port = /dora {2}127\.0\.0\.1 {2}(\d+)/.exec(String(dora.screen))?.[1];
    const erik = await visitor(t);
    erik.type('register erik');
    await erik.expect('100 OK');
    erik.type(`login erik ${port}`);
    await erik.expect(`cannot take direct links at port ${port} (EADDRINUSE)`);
    await leaves(dora);
    erik.type(`login erik ${port}`);
    await erik.expect(`erik  127.0.0.1  ${port}`);
    await leaves(erik);
  });

  test('List, PayRequest and the rest need a login', async (t) => {
    const visiting = await visitor(t);
    for (const line of [
      'List',
      '3',
      'PayRequest#alice#10#bob',
      'pay bob 1',
      'friends',
      'history',
      'befriend bob',
      'chat bob',
      '@bob hi',
    ]) {
      visiting.type(line);
      await visiting.expect('220 AUTH_FAIL: please log in first');
    }
    visiting.type('nonsense');
    await visiting.expect('please type the right option number! (help lists the commands)');
    visiting.type('lits');
    await visiting.expect('(did you mean list?)');
  });

  test('Exit when not logged in is refused once; a second Exit leaves all the same', async (t) => {
    const visiting = await visitor(t);
    visiting.type('Exit');
    await visiting.expect('220 AUTH_FAIL: please log in first');
    visiting.type('0');
    await visiting.expect('Bye!');
    assert.equal(await visiting.ended, 0);
  });

  test('paying: every form, the new balance, and what the payee sees', async (t) => {
    const fay = await member(t, 'fay');
    const gus = await member(t, 'gus');
    fay.type('pay gus 12.50 for lunch');
    await fay.expect('Paid gus 12.50 dollars for "lunch"');
    await fay.expect('Balance: 9,987.50 dollars');
    await gus.expect('fay gives you 12.50 dollars for "lunch" (directly)');
    await fay.expect('gus was told directly');
    fay.type('PayRequest#fay#10#gus');
    await fay.expect('Balance: 9,977.50 dollars');
    await gus.expect('fay gives you 10 dollars (directly)');
    fay.type('P');
    await fay.expect('Payee: ');
    fay.type('gus');
    await fay.expect('Amount in dollars: ');
    fay.type('0.50');
    await fay.expect('Balance: 9,977.00 dollars');
    await gus.expect('fay gives you 0.50 dollars');
    gus.type('history');
    await gus.expect(/\+0\.50 {2}from fay/);
    await gus.expect(/\+12\.50 {2}from fay {5}"lunch"/);
    await gus.expect(/\+10,000\.00 {2}from issuer/);

    fay.type('PayRequest#gus#10#fay');
    await fay.expect('you are fay: nobody but gus can pay for gus');
    fay.type('pay gus 1.234');
    await fay.expect('"1.234" is too fine: at most 2 decimals');
    fay.type('pay gus 1000000');
    await fay.expect('FAIL: Your account balance is not enough');
    fay.type('pay nobody 1');
    await fay.expect('FAIL: Payee does not exist');
    await leaves(gus);
    fay.type('pay gus 1');
    await fay.expect('FAIL: Payee is not online');
    fay.type('list');
    await fay.expect('Balance: 9,977.00 dollars');
    await leaves(fay);
  });

  test('friends: asked, accepted, seen coming and going, ended', async (t) => {
    const hal = await member(t, 'hal');
    const ida = await member(t, 'ida');
    hal.type('friends');
    await hal.expect('No friends yet');
    hal.type('befriend ida');
    await hal.expect('ida is asked to be your friend');
    await ida.expect('hal asks to be your friend: befriend hal accepts');
    ida.type('5');
    await ida.expect('hal  online  asks you');
    ida.type('befriend hal');
    await ida.expect('hal is your friend');
    await hal.expect('ida is your friend now');
    await leaves(ida);
    await hal.expect('ida is offline');
    hal.type('friends');
    await hal.expect('ida  offline  friend');
    hal.type('unfriend ida');
    await hal.expect('ida is not your friend');
    hal.type('befriend nobody');
    await hal.expect('FAIL: Payee does not exist');
    await leaves(hal);
  });

  test('chat: one line, or a conversation until /end', async (t) => {
    const jo = await member(t, 'jo');
    const kim = await member(t, 'kim');
    jo.type('@kim the soup was good');
    await kim.expect('jo: the soup was good');
    kim.type('chat jo');
    await kim.expect('[kim to jo] > ');
    kim.type('pay jo 1000 is what I would say');
    await jo.expect('kim: pay jo 1000 is what I would say');
    jo.type('6');
    await jo.expect('With whom: ');
    jo.type('kim');
    await jo.expect('[jo to kim] > ');
    jo.type('hello');
    await kim.expect('jo: hello');
    jo.press('pasted\r\rpay kim 5\r  \rexit\r');
    await kim.expect('jo: pasted');
    await kim.expect('jo: pay kim 5');
    await kim.expect('jo: exit');
    jo.type('/end');
    await jo.expect('The chat is over.');
    await jo.expect('[jo] > ');
    await leaves(jo);
    kim.type('still there?');
    await kim.expect('jo is not online');
    kim.type('/end');
    await kim.expect('[kim] > ');
    kim.type('chat jo');
    await kim.expect('jo is not online');
    kim.type('chat nobody');
    await kim.expect('FAIL: Payee does not exist');
    await leaves(kim);
  });

  test('whoami: name, server, suite, cryptography', async (t) => {
    const lea = await member(t, 'lea');
    lea.type('whoami');
    await lea.expect(/name +lea/);
    await lea.expect(/direct links +port \d+/);
    await lea.expect(/suite +XXhfs/);
    await lea.expect(/cryptography +(native|noble)/);
    await leaves(lea);
  });

  test('the same account elsewhere ends this session', async (t) => {
    const mia = new Person(leftovers);
    const words = ['127.0.0.1', String(server.port), '--server-key', server.key];
    const first = mia.open(t, words);
    await first.expect('> ');
    first.type('register mia');
    await first.expect('100 OK');
    first.type('login mia');
    await first.expect('[mia] > ');
    const second = mia.open(t, words);
    await second.expect('"login mia" logs in.');
    second.type('login mia');
    await second.expect('[mia] > ');
    await first.expect('The server says: ');
    assert.equal(await first.ended, 4);
    await leaves(second);
  });
});

test('a server that goes away is said to be lost, and the session goes on when it is back', async (t) => {
  const books = new Person(leftovers).folder;
  const first = await RunningServer.start(leftovers, books);
  const nell = new Person(leftovers).open(t, ['127.0.0.1', String(first.port), '--server-key', first.key]);
  await nell.expect('> ');
  nell.type('register nell');
  await nell.expect('100 OK');
  nell.type('login nell');
  await nell.expect('[nell] > ');
  await first.stop();
  await nell.expect('The server is lost');
  await nell.expect('Trying again in');
  nell.type('list');
  await nell.expect('not connected to the server');
  const second = await RunningServer.start(leftovers, books, first.port);
  await nell.expect('The server is back');
  await nell.expect('Balance: 10,000.00 dollars');
  nell.type('list');
  await nell.expect('Online: 1');
  await leaves(nell);
  await second.stop();
});
