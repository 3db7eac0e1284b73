// What a script is told when an answer does not come, or it is ended before: whether something may have been
// done.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { ERRORS, type ErrorName, encodeError } from '../../src/protocol/index.ts';
import { startFake } from '../client/support/fake-server.ts';
import type { Program } from '../support/program.ts';
import { Leftovers, Person, RunningServer } from '../support/programs.ts';
import { holdAnswer, type Loss, loseAnswer } from './lost-answers.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const ID = '0198c1de4f7a7000800000000000abcd';
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

let server: RunningServer;
const alice = new Person(leftovers);
const bob = new Person(leftovers);
before(async () => {
  server = await RunningServer.start(leftovers);
  await alice.run('register', 'alice', ...server.flags);
  await bob.run('register', 'bob', ...server.flags);
});

/** The words that lead to the server by this port. */
function by(port: number): string[] {
  return ['--server', `127.0.0.1:${port}`, '--server-key', server.key];
}

/** The words that lead to the server through a network that loses answers. */
async function losing(t: TestContext, loss: Loss): Promise<string[]> {
  return by(await loseAnswer(t, server.port, loss));
}

/** Bob is online, and takes direct links, until the end of the test. */
async function bobListens(t: TestContext): Promise<Program> {
  const program = bob.start('listen', ...server.flags);
  await program.line('bob is online');
  t.after(async () => {
    program.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

describe('an order under way', () => {
  for (const [signal, expected] of SIGNALS) {
    test(`is told with its id when ${signal} ends the command`, async (t) => {
      await bobListens(t);
      const { port, held } = await holdAnswer(t, server.port, { turn: 3 });
      const pay = alice.start('pay', 'bob', '3', '--id', ID, '--json', ...by(port));
      await held;
      pay.kill(signal);
      const { status, stdout, stderr } = await pay.ended;
      assert.equal(status, expected);
      const { error } = JSON.parse(stdout);
      assert.deepEqual([error.code, error.name, error.id], [null, 'OUTCOME_UNKNOWN', ID]);
      assert.match(
        stderr,
        new RegExp(
          `^farthing: interrupted: .* or not\n.*with the same --as, .* --as alice --server 127.0.0.1:${port} --id ${ID}\n$`,
        ),
      );
    });
  }

  test('is none before it was asked for', async (t) => {
    const { port, held } = await holdAnswer(t, server.port, { turn: 2 });
    const pay = alice.start('pay', 'bob', '3', '--json', ...by(port));
    await held;
    pay.kill('SIGINT');
    assert.deepEqual(await pay.ended, { status: 130, stdout: '', stderr: '' });
  });

  test('is done once it is answered: a signal ends only the waiting for the direct link', async (t) => {
    const payee = await bobListens(t);
    payee.kill('SIGSTOP');
    const pay = alice.start('pay', 'bob', '2', ...server.flags);
    assert.equal(await pay.line('Paid'), 'Paid bob 2 dollars');
    await pay.line('Balance: ');
    pay.kill('SIGINT');
    const { status, stdout, stderr } = await pay.ended;
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /\nbob was told through the server\n$/);
  });

  test('is done once it is answered: a signal ends only the waiting for the good-bye', async (t) => {
    await bobListens(t);
    const { port, held } = await holdAnswer(t, server.port, { turn: 4 });
    const pay = alice.start('pay', 'bob', '2', '--json', ...by(port));
    await held;
    pay.kill('SIGTERM');
    const { status, stdout, stderr } = await pay.ended;
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(JSON.parse(stdout).amount, '2.00');
  });
});

test('listen can be interrupted before its login is answered', async (t) => {
  const { port, held } = await holdAnswer(t, server.port, { turn: 2 });
  const listen = alice.start('listen', ...by(port));
  await held;
  listen.kill('SIGINT');
  assert.deepEqual(await listen.ended, { status: 130, stdout: '', stderr: '' });
});

describe('the link breaks before the answer', () => {
  for (const [words, turn] of [
    [['pay', 'bob', '1'], 2],
    [['listen'], 2],
    [['balance'], 2],
    [['history'], 3],
    [['friends'], 3],
  ] as const) {
    test(`to ${words[0]}, turn ${turn}: nothing can have been done`, async (t) => {
      const { status, stdout } = await alice.run(...words, '--json', ...(await losing(t, { turn })));
      assert.equal(status, 3);
      const { error } = JSON.parse(stdout);
      assert.deepEqual([error.name, error.id], ['NO_CONNECTION', undefined]);
    });
  }

  for (const command of ['befriend', 'unfriend']) {
    test(`to ${command}: it may have been done, and may be asked again`, async (t) => {
      const { status, stderr } = await alice.run(command, 'bob', ...(await losing(t, { turn: 3 })));
      assert.equal(status, 6);
      assert.match(stderr, /\nAsking again does no harm/);
    });
  }
});

describe('the login is refused', () => {
  /**
   * The words that lead to a server that answers so to everything, but first says that each name is taken.
   */
  async function refusing(t: TestContext, name: ErrorName): Promise<string[]> {
    const fake = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      link.send(encodeError(message.id, message.method === 'register' ? 'NAME_TAKEN' : name));
    });
    return ['--server', `127.0.0.1:${fake.port}`, '--server-key', Buffer.from(fake.key).toString('hex')];
  }

  for (const name of ['INTERNAL', 'TOO_MANY', 'WRONG_STATE'] as const) {
    test(`with ${name}: of an order that may have been given before the outcome is unknown`, async (t) => {
      const pay = ['pay', 'bob', '3', '--as', 'alice', '--json', ...(await refusing(t, name))];
      const { status, stdout, stderr } = await alice.run(...pay, '--id', ID);
      assert.equal(status, 6);
      const { error } = JSON.parse(stdout);
      assert.deepEqual([error.code, error.name, error.id], [null, 'OUTCOME_UNKNOWN', ID]);
      assert.ok(
        stderr.startsWith(`farthing: the server said: ${ERRORS[name].text}: the payment may have been made`),
      );
      assert.equal((await alice.run(...pay)).status, 1, 'a new order was not given');
    });

    test(`with ${name}: a name that is taken may be ours`, async (t) => {
      const { status, stderr } = await bob.run('register', 'bob', ...(await refusing(t, name)));
      assert.equal(status, 1);
      assert.ok(stderr.startsWith(`farthing: ${ERRORS[name].text}`));
    });
  }

  test('with AUTH_FAIL: nothing is learnt of the order, and the name is not ours', async (t) => {
    const words = await refusing(t, 'AUTH_FAIL');
    const { status, stderr } = await alice.run('pay', 'bob', '3', '--as', 'alice', '--id', ID, ...words);
    assert.equal(status, 4);
    assert.match(stderr, new RegExp(`\nNothing was learnt of the order ${ID}, .* the same --id\\.\n$`));
    const register = await bob.run('register', 'bob', ...words);
    assert.deepEqual([register.status, register.stderr], [1, 'farthing: 210 FAIL (this name is taken)\n']);
  });
});

describe('register', () => {
  test('finds out by itself what came of a lost answer', async (t) => {
    const carol = new Person(leftovers);
    const words = await losing(t, { turn: 2, times: 1 });
    assert.deepEqual(await carol.run('register', 'carol', ...words), {
      status: 0,
      stdout: '100 OK\n',
      stderr: '',
    });
    assert.equal((await carol.run('balance', ...server.flags)).stdout, '10,000.00 dollars\n');
  });

  test('says so where it cannot find out', async (t) => {
    const words = await losing(t, { turn: 2 });
    const { status, stderr } = await new Person(leftovers).run('register', 'dan', ...words);
    assert.equal(status, 6);
    assert.match(stderr, /\nAsking again does no harm/);
  });

  test('of a name that is ours already is done, and remembered', async () => {
    rmSync(join(bob.folder, 'config/farthing/profiles/default/profile.json'));
    const { status, stdout } = await bob.run('register', 'bob', ...server.flags);
    assert.deepEqual([status, stdout], [0, '100 OK\n']);
    assert.equal((await bob.run('balance')).status, 0);
  });

  test('of a name that is not ours says what 210 means', async () => {
    const { status, stderr } = await new Person(leftovers).run('register', 'bob', ...server.flags);
    assert.deepEqual([status, stderr], [1, 'farthing: 210 FAIL (this name is taken)\n']);
  });
});
