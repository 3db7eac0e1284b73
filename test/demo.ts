// Two people pay each other: a server and two wallets, each a process of its own, shown side by side and
// checked as they go.
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Program } from './demo/program.ts';
import { Stage } from './demo/stage.ts';

const write = (text: string): void => {
  process.stdout.write(text);
};
const stage = new Stage(write);

/** Types a line, and waits for the lines that must come of it, in this order. */
async function types(program: Program, text: string, ...expected: RegExp[]): Promise<void> {
  program.type(text);
  await sees(program, ...expected);
}

async function sees(program: Program, ...expected: RegExp[]): Promise<void> {
  for (const pattern of expected) {
    await program.line(pattern);
  }
}

async function play(): Promise<void> {
  const data = join(stage.folder, 'books');
  const serve = ['0', '--host', '127.0.0.1', '--data', data];
  const server = stage.start('server', 'farthing-server', ...serve);
  const [, port = '', key = ''] = await server.line(
    /^Join with: .*farthing:\/\/127\.0\.0\.1:(\d+)#([0-9a-f]{64})/,
  );
  stage.show(server, 'farthing-server', ...serve);

  const wallet = (name: string, ...words: string[]): Program =>
    stage.start(name, 'farthing', ...words, '--profile', name, '--server-key', key);
  const alice = wallet('alice', '127.0.0.1', port);
  await sees(server, /^\[conn 1\] connected/);
  const bob = wallet('bob', '127.0.0.1', port);
  stage.lanes(server, alice, bob);

  await stage.step('alice and bob start their wallets', async () => {
    await sees(server, /^\[conn 2\] connected/);
  });
  await stage.step('A name is taken once', async () => {
    await types(alice, 'REGISTER#alice', /^100 OK/);
    await sees(server, /\[conn 1\] send register 100/);
    await types(bob, 'REGISTER#alice', /^210 FAIL/);
    await sees(server, /\[conn 2\] send register 210/);
    await types(bob, 'register bob', /^100 OK/);
    await sees(server, /\[conn 2\] send register 100/);
  });
  await stage.step('carol takes a name too, and leaves', async () => {
    await wallet('carol', 'register', 'carol', '--server', `127.0.0.1:${port}`).done();
    await sees(server, /send register 100/, /^\[conn 3\] disconnected/);
  });
  await stage.step('Both log in', async () => {
    await types(alice, 'alice#0', /^Balance: 10,000\.00 dollars/, /^Online: 1/, /^alice/);
    await sees(server, /^User alice log in/, /send login 100/);
    await types(bob, 'login bob', /^Balance: 10,000\.00 dollars/, /^Online: 2/, /^alice/, /^bob/);
    await sees(server, /^User bob log in/, /send login 100/);
  });
  await stage.step('alice looks who is there', async () => {
    await types(alice, 'List', /^Balance: 10,000\.00 dollars/, /^Online: 2/, /^alice/, /^bob/);
    await sees(server, /send list 100/);
  });
  await stage.step('They become friends', async () => {
    await types(alice, 'befriend bob', /^bob is asked/);
    await sees(bob, /^alice asks to be your friend/);
    await sees(server, /send befriend 100/);
    await types(bob, 'befriend alice', /^alice is your friend/);
    await sees(alice, /^bob is your friend now/);
    await sees(server, /send befriend 100/);
  });
  await stage.step('alice pays bob, who is told over a direct link', async () => {
    await types(alice, 'pay bob 12.50 for lunch', /^Paid bob 12\.50 dollars/, /^Balance: 9,987\.50 dollars/);
    await sees(alice, /^bob was told directly/);
    await sees(bob, /^alice gives you 12\.50 dollars for "lunch" \(directly\)/);
    await sees(server, /send paid/, /send pay 100/, /send lookup 100/);
  });
  await stage.step('They chat, and the server hears nothing of it', async () => {
    await types(alice, '@bob the soup was good');
    await sees(bob, /^alice: the soup was good/);
    await types(bob, '@alice my turn next week');
    await sees(alice, /^bob: my turn next week/);
  });
  await stage.step('alice pays more than she has', async () => {
    await types(alice, 'PayRequest#alice#1000000#bob', /^FAIL: Your account balance is not enough/);
    await sees(server, /send pay 312/);
  });
  await stage.step('alice pays somebody who is not there', async () => {
    await types(alice, 'pay carol 5', /^FAIL: Payee is not online/);
    await sees(server, /send pay 311/);
  });
  await stage.step('Both balances: what the one has paid, the other has', async () => {
    await types(alice, 'list', /^Balance: 9,987\.50 dollars/, /^bob/);
    await sees(server, /send list 100/);
    await types(bob, 'list', /^Balance: 10,012\.50 dollars/, /^bob/);
    await sees(server, /send list 100/);
  });
  await stage.step('What was paid, newest first', async () => {
    await types(alice, 'history', / -12\.50 +to bob +"lunch"/, / \+10,000\.00 +from \S+/);
    await sees(server, /send history 100/);
    await types(bob, 'history', / \+12\.50 +from alice +"lunch"/, / \+10,000\.00 +from \S+/);
    await sees(server, /send history 100/);
  });
  await stage.step('How her link is protected', async () => {
    await types(alice, 'whoami', /^suite +XXhfs/, /^cryptography +(native|noble)/);
  });
  await stage.step('Both leave', async () => {
    await types(alice, 'Exit', /^Bye!/);
    await alice.done();
    await sees(bob, /^alice is offline/);
    await sees(server, /^User alice log out/, /^\[conn 1\] disconnected/);
    await types(bob, 'Exit', /^Bye!/);
    await bob.done();
    await sees(server, /^User bob log out/, /^\[conn 2\] disconnected/);
  });
  await stage.step('The server stops', async () => {
    server.interrupt();
    await sees(server, /^Stopped/);
    await server.done();
  });
  await runs(['farthing-server', 'audit', '--data', data], /the sum of all balances is zero/);
  await runs(['farthing', '--version'], /^cryptography: (native|noble)/);
  write('\nEverything shown was checked.\n');
}

/** Runs one of our programs to its end, and shows it. */
async function runs(
  [program, ...args]: ['farthing' | 'farthing-server', ...string[]],
  expected: RegExp,
): Promise<void> {
  const started = stage.start(program, program, ...args);
  await sees(started, expected);
  await started.done();
  stage.show(started, program, ...args);
}

async function main(): Promise<number> {
  let stopped: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    stopped ??= signal;
    void stage.clear();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, stop);
  }
  process.stdout.on('error', () => stop('SIGPIPE')); // whoever read the transcript has gone
  try {
    await play();
    return 0;
  } catch (error) {
    if (stopped !== undefined) {
      return 128 + constants.signals[stopped];
    }
    console.error(`\nThe demo failed. ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await stage.clear();
  }
}

process.exitCode = await main();
