// Whose key is it: first contact, pinned keys, and a server that comes back with another one.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const OTHER_KEY = '11'.repeat(32);

/** The key as people compare it. */
function grouped(key: string): string {
  return key.replace(/.{4}(?=.)/g, '$& ');
}

/** What its operator does when the key of a server is lost for good. */
function giveNewKey(books: string): void {
  writeFileSync(join(books, 'server.key'), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
}

describe('a server that was never seen before', () => {
  let server: RunningServer;
  before(async () => {
    server = await RunningServer.start(leftovers);
  });

  test('its key is shown, and a person is asked', async (t) => {
    const alice = new Person(leftovers);
    const terminal = alice.open(t, ['127.0.0.1', String(server.port)]);
    await terminal.expect(`${server.endpoint} was never seen before. Its key is`);
    await terminal.expect(grouped(server.key).slice(0, 60));
    await terminal.expect('Trust it from now on? (yes/no) ');
    terminal.type('maybe');
    await terminal.expect('Please type yes or no: ');
    terminal.type('yes');
    await terminal.expect('1 Register');
    terminal.press('\x04');
    assert.equal(await terminal.ended, 0);

    const again = alice.open(t, ['127.0.0.1', String(server.port)]);
    await again.expect('1 Register');
    assert.doesNotMatch(String(again.screen), /never seen before/);
  });

  test('no is an answer too, and is remembered by nobody', async (t) => {
    const alice = new Person(leftovers);
    for (let time = 0; time < 2; time++) {
      const terminal = alice.open(t, ['register', 'nobody', '--server', server.endpoint]);
      await terminal.expect('Trust it from now on? (yes/no) ');
      terminal.type('no');
      await terminal.expect('its key was not accepted');
      assert.equal(await terminal.ended, 2);
    }
  });

  test('Ctrl-C at the question leaves', async (t) => {
    const terminal = new Person(leftovers).open(t, [
      'balance',
      '--profile',
      'x',
      '--server',
      server.endpoint,
    ]);
    await terminal.expect('this profile has no account yet');
    assert.equal(await terminal.ended, 4);
    const asked = new Person(leftovers).open(t, ['register', 'nobody', '--server', server.endpoint]);
    await asked.expect('(yes/no) ');
    asked.press('\x03');
    assert.equal(await asked.ended, 130);
  });

  for (const [what, words] of [
    ['a pipe', []],
    ['--no-input', ['--no-input']],
  ] as const) {
    test(`with ${what} nothing is asked: refused, with the two ways on`, async () => {
      const outcome = await new Person(leftovers).run(
        'register',
        'nobody',
        '--server',
        server.endpoint,
        ...words,
      );
      assert.equal(outcome.status, 2);
      assert.equal(outcome.stdout, '');
      assert.match(outcome.stderr, /was never seen before/);
      assert.match(outcome.stderr, /--server-key/);
      assert.match(outcome.stderr, /--yes/);
      assert.ok(outcome.stderr.includes(grouped(server.key)));
    });
  }

  test('--no-input asks nothing even at a terminal', async (t) => {
    const terminal = new Person(leftovers).open(t, ['127.0.0.1', String(server.port), '--no-input']);
    await terminal.expect('its key was not accepted');
    assert.equal(await terminal.ended, 2);
  });

  test('--yes trusts it, says so, and it is known from then on', async () => {
    const alice = new Person(leftovers);
    const first = await alice.run('register', 'alice.yes', '--server', server.endpoint, '--yes');
    assert.equal(first.status, 0);
    assert.match(first.stderr, /^Trusting 127\.0\.0\.1:\d+ from now on\. Its key is /);
    assert.deepEqual(await alice.run('balance'), { status: 0, stdout: '10,000.00 dollars\n', stderr: '' });
  });

  test('an address with a key pins it, and so does --server-key', async () => {
    const pinned = new Person(leftovers);
    const address = `farthing://${server.endpoint}#${server.key}`;
    assert.equal((await pinned.run('register', 'alice.pin', '--server', address)).status, 0);
    const grouped4 = grouped(server.key).toUpperCase();
    const typed = new Person(leftovers);
    const words = ['register', 'alice.typed', '--server', server.endpoint, '--server-key', grouped4];
    assert.equal((await typed.run(...words)).status, 0);
  });

  test('a server that does not have the pinned key is a hard stop, and nothing of it is remembered', async () => {
    const alice = new Person(leftovers);
    const words = ['register', 'alice.no', '--server', server.endpoint, '--server-key', OTHER_KEY];
    const outcome = await alice.run(...words, '--json', '--yes');
    assert.equal(outcome.status, 5);
    assert.equal(JSON.parse(outcome.stdout).error.name, 'WRONG_SERVER_KEY');
    assert.ok(outcome.stderr.includes(`${server.endpoint} does not have the key that was given for it\n`));
    assert.ok(outcome.stderr.includes(`Now:   ${grouped(server.key)}`));
    assert.doesNotMatch(outcome.stderr, /known|forget/);
    assert.equal((await alice.run('register', 'alice.no', ...server.flags)).status, 0);
  });

  test('two keys for one server make no sense', async () => {
    const address = `farthing://${server.endpoint}#${server.key}`;
    const outcome = await new Person(leftovers).run(
      'balance',
      '--server',
      address,
      '--server-key',
      OTHER_KEY,
    );
    assert.equal(outcome.status, 2);
    assert.match(outcome.stderr, /are not the same/);
  });
});

test('a server that comes back with another key is a hard stop until it is forgotten', async (t) => {
  const books = newFolder(leftovers);
  const alice = new Person(leftovers);
  const first = await RunningServer.start(leftovers, books);
  assert.equal((await alice.run('register', 'alice', ...first.flags)).status, 0);
  await first.stop();
  giveNewKey(books);
  const second = await RunningServer.start(leftovers, books, first.port);
  assert.notEqual(second.key, first.key);

  const stopped = await alice.run('balance');
  assert.equal(stopped.status, 5);
  assert.equal(stopped.stdout, '');
  assert.ok(stopped.stderr.includes(`Known: ${grouped(first.key)}`));
  assert.ok(stopped.stderr.includes(`Now:   ${grouped(second.key)}`));
  assert.ok(stopped.stderr.includes(`farthing forget ${first.endpoint}`));
  assert.equal((await alice.run('balance', '--yes')).status, 5, '--yes is for first contact alone');
  const pinned = await alice.run('balance', '--server-key', second.key);
  assert.equal(pinned.status, 5, 'so is a pinned key');
  assert.match(pinned.stderr, /Nobody was contacted/);

  const terminal = alice.open(t, ['127.0.0.1', String(first.port)]);
  await terminal.expect('does not have the key that is known for it');
  assert.equal(await terminal.ended, 5);

  const forgotten = await alice.run('forget', first.endpoint, '--json');
  assert.deepEqual(JSON.parse(forgotten.stdout), { server: first.endpoint, forgotten: 1 });
  assert.equal((await alice.run('balance')).status, 2, 'unknown again');
  assert.equal((await alice.run('balance', '--yes')).status, 0);
  const nothing = await alice.run('forget', 'example.org');
  assert.deepEqual([nothing.status, nothing.stdout], [0, 'example.org was not known\n']);
});

describe('a server that comes back while somebody waits for it', () => {
  /** Stops the server, changes its folder, and starts it again at the same port. */
  async function replace(server: RunningServer, books: string, change: () => void): Promise<RunningServer> {
    await server.stop();
    change();
    // One that has lost its books as well begins new ones only when it is told to.
    return RunningServer.start(leftovers, books, server.port, '--new-books');
  }

  test('with another key: listen and the prompt end with status 5 and say why', async (t) => {
    const books = newFolder(leftovers);
    const first = await RunningServer.start(leftovers, books);
    const alice = new Person(leftovers);
    assert.equal((await alice.run('register', 'alice', ...first.flags)).status, 0);
    const listening = alice.start('listen', '--json');
    await listening.line('"listening"');
    const terminal = alice.open(t, ['127.0.0.1', String(first.port)]);
    await terminal.expect('"help" explains.');

    const second = await replace(first, books, () => giveNewKey(books));
    const { status, stdout, stderr } = await listening.ended;
    assert.equal(status, 5);
    assert.equal(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').error.name, 'WRONG_SERVER_KEY');
    assert.ok(stderr.includes(`Now:   ${grouped(second.key)}`));
    assert.ok(stderr.includes(`farthing forget ${first.endpoint}`));
    await terminal.expect(`${first.endpoint} does not have the key that is known for it`);
    await terminal.expect('farthing forget');
    assert.equal(await terminal.ended, 5);
  });

  test('without the account: listen ends with status 4 and says why', async () => {
    const books = newFolder(leftovers);
    const first = await RunningServer.start(leftovers, books);
    const alice = new Person(leftovers);
    assert.equal((await alice.run('register', 'alice', ...first.flags)).status, 0);
    const listening = alice.start('listen');
    await listening.line('is online');
    await replace(first, books, () => {
      for (const file of readdirSync(books)) {
        if (file !== 'server.key') {
          rmSync(join(books, file));
        }
      }
    });
    const { status, stderr } = await listening.ended;
    assert.equal(status, 4);
    assert.match(stderr, /^farthing: 220 AUTH_FAIL\n.*is not registered at 127/);
  });
});
