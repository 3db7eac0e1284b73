// What a script is told when something is wrong: the exit status, and what to do next.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';
import { loseAnswer } from './lost-answers.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const nobody = new Person(leftovers);

/** A module that writes the address of every module loaded after it to standard error. */
const NAME_MODULES = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({
    resolve(name, context, next) {
      const found = next(name, context);
      writeSync(2, found.url + '\\n');
      return found;
    },
  });`)}`;

/** The beginning of every colour. */
const ESCAPE = new RegExp(String.fromCharCode(0x1b));

describe('wrong usage', { concurrency: 2 }, () => {
  const CASES: [words: string[], says: RegExp][] = [
    [['lsit'], /there is no command "lsit"\nDid you mean "farthing list"\?/],
    [['frobnicate'], /there is no command "frobnicate"\n"farthing --help" lists them/],
    [['login', 'alice'], /every command logs in by itself/],
    [['pay', 'bob'], /pay needs AMOUNT\nExample: farthing pay bob 12\.50/],
    [['pay', 'bob', '10', 'lunch'], /pay does not take "lunch"/],
    [['pay', 'bob', '-5'], /there is no option -5\n.*without a sign/],
    [['pay', 'bob', 'ten'], /"ten" is not an amount: write it like 12\.50/],
    [['pay', 'bob', '1e3'], /"1e3" is not an amount/],
    [['pay', 'b@b', '1'], /"b@b" cannot be a name/],
    [['pay', 'bob', '1', '--id', 'xyz'], /--id must be 32 hex digits/],
    [['pay', 'bob', '1', '--memo', 'm'.repeat(257)], /a memo has at most 256 bytes, and this one has 257/],
    [['register', 'admin'], /"admin" cannot be a name/],
    [['register', 'a b'], /"a b" cannot be a name/],
    [['say', 'bob', ''], /a text has 1 to 4096 bytes, and this one has 0/],
    [['history', '--limit', '101'], /--limit must be a whole number from 1 to 100/],
    [['listen', '--port', '70000'], /--port must be/],
    [['list', '--memo', 'x'], /list takes no --memo/],
    [['list', '--jsonn'], /there is no option --jsonn\nDid you mean --json\?/],
    [['list', '--server', 'nowhere:99999'], /"nowhere:99999" is not the address of a server/],
    [['list', '--server-key', 'abc'], /--server-key must be 64 hex digits/],
    [['list', '--suite', 'tls'], /--suite must be XX or XXhfs/],
    [['list', '--profile', '../x'], /not a name for a profile/],
    [['forget', 'a b'], /is not the address of a server/],
    [['localhost', '1960', 'more'], /farthing without a command does not take "more"/],
    [['help', 'frobnicate'], /there is no command/],
  ];
  for (const [words, says] of CASES) {
    test(`farthing ${words.join(' ').slice(0, 40)}`, async () => {
      const { status, stdout, stderr } = await nobody.run(...words);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, says);
      assert.match(stderr, /^farthing: /);
    });
  }

  test('with --json the error is a document too', async () => {
    const { status, stdout } = await nobody.run('pay', 'bob', '--json');
    assert.equal(status, 2);
    assert.deepEqual(JSON.parse(stdout), { error: { code: null, name: 'USAGE', text: 'pay needs AMOUNT' } });
  });

  test('the prompt has no documents', async () => {
    for (const words of [['--json'], ['localhost', '1960', '--json']]) {
      const { status, stdout } = await nobody.run(...words);
      assert.equal(status, 2);
      assert.equal(JSON.parse(stdout).error.text, 'farthing without a command takes no --json');
    }
  });

  test('an address in the environment is named as what is wrong', async () => {
    const { status, stderr } = await new Person(leftovers, { FARTHING_SERVER: 'a b' }).run('whoami');
    assert.equal(status, 2);
    assert.match(stderr, /FARTHING_SERVER: "a b" is not the address/);
  });

  test('so is one in a profile', async () => {
    const person = new Person(leftovers);
    const folder = join(person.folder, 'config/farthing/profiles/default');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'profile.json'), '{"name":"alice","server":"a b"}');
    const { status, stderr } = await person.run('balance');
    assert.equal(status, 2);
    assert.ok(stderr.includes(`${join(folder, 'profile.json')}: "a b" is not the address`));
  });

  test('a backend that there is not, for both programs', async () => {
    const person = new Person(leftovers, { FARTHING_BACKEND: 'best' });
    const folder = newFolder(leftovers);
    for (const program of [
      person.start('balance'),
      person.start('--version'),
      person.serve('0', '--data', folder),
      person.serve('--version'),
    ]) {
      const { status, stderr } = await program.ended;
      assert.equal(status, 2);
      assert.match(stderr, /: FARTHING_BACKEND must be native or noble, not "best"\n/);
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  test('what was typed is never written raw', async () => {
    const { stderr } = await nobody.run('x\u001b[2J');
    assert.match(stderr, /there is no command "x\\u\{1b\}\[2J"/);
  });
});

describe('help and version', { concurrency: 2 }, () => {
  for (const words of [['--help'], ['-h'], ['help'], ['pay', '-h'], ['-h', 'pay'], ['help', 'pay']]) {
    test(`farthing ${words.join(' ')}`, async () => {
      const { status, stdout, stderr } = await nobody.run(...words);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, /^Example: farthing pay bob 12\.50 --memo lunch\n/);
    });
  }

  test('help loads no cryptography, codec or store', async () => {
    const { stderr } = await new Person(leftovers, { NODE_OPTIONS: `--import=${NAME_MODULES}` }).run(
      '--help',
    );
    assert.match(stderr, /cli\/bin\/farthing\.ts/, 'the modules loaded are seen');
    assert.doesNotMatch(
      stderr,
      /noble|sodium|msgpackr|sqlite|src\/(client|link|noise|protocol|server|ledger)\//,
    );
  });

  test('version, runtime, cryptography and suites', async () => {
    const { status, stdout } = await nobody.run('--version', '--no-color');
    assert.equal(status, 0);
    assert.match(stdout, /^farthing \d+\.\d+\.\d+\n/);
    assert.ok(stdout.includes(`Node ${process.versions.node}\n`));
    assert.match(stdout, /cryptography: (native|noble)/);
    assert.match(stdout, /Noise_XXhfs_25519\+MLKEM768_ChaChaPoly_SHA256/);
  });

  test('the backend can be forced', async () => {
    const forced = new Person(leftovers, { FARTHING_BACKEND: 'noble' });
    assert.match((await forced.run('--version')).stdout, /^cryptography: noble/m);
  });
});

describe('no connection', () => {
  test('nobody listens there: status 3, and what to do', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const words = ['register', 'alice', '--server', `127.0.0.1:${port}`, '--yes'];
    const { status, stdout, stderr } = await nobody.run(...words, '--json');
    assert.equal(status, 3);
    assert.equal(JSON.parse(stdout).error.name, 'NO_CONNECTION');
    assert.match(stderr, /^farthing: no connection to 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    assert.match(stderr, /farthing-server/);
    assert.equal((await nobody.pipe('list\n', '127.0.0.1', String(port), '--yes')).status, 3);
  });

  test('something else listens there', async (t) => {
    const web = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    t.after(() => web.close());
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as { port: number };
    const { status, stderr } = await nobody.run(
      'register',
      'alice',
      '--server',
      `127.0.0.1:${port}`,
      '--yes',
    );
    assert.equal(status, 3);
    assert.match(stderr, /not a farthing server/);
  });
});

describe('with a server', () => {
  let server: RunningServer;
  const alice = new Person(leftovers);
  const bob = new Person(leftovers);
  before(async () => {
    server = await RunningServer.start(leftovers);
    await alice.run('register', 'alice', ...server.flags);
    await bob.run('register', 'bob', ...server.flags);
  });

  test('an account that another server does not know is not authenticated', async () => {
    const other = await RunningServer.start(leftovers);
    const { status, stdout, stderr } = await alice.run('balance', ...other.flags, '--json');
    assert.equal(status, 4);
    assert.deepEqual(JSON.parse(stdout).error, { code: 220, name: 'AUTH_FAIL', text: '220 AUTH_FAIL' });
    assert.match(stderr, /not registered at 127\.0\.0\.1:\d+, or belongs to another key/);
  });

  test('the outcome of a payment is unknown when the link breaks before the answer; the same id pays once', async (t) => {
    const payee = bob.start('listen', '--json');
    await payee.line('"listening"');
    const port = await loseAnswer(t, server.port, { turn: 3 });
    const through = ['--server', `127.0.0.1:${port}`, '--server-key', server.key];
    const ID = '0198c1de4f7a7000800000000000abcd';

    const { status, stdout, stderr } = await alice.run('pay', 'bob', '3', '--id', ID, '--json', ...through);
    assert.equal(status, 6);
    const { error } = JSON.parse(stdout);
    assert.deepEqual([error.code, error.name, error.id], [null, 'OUTCOME_UNKNOWN', ID]);
    assert.match(
      stderr,
      new RegExp(`may be sent again safely .* paid once: --as alice --server 127.0.0.1:${port} --id ${ID}`),
    );

    const again = await alice.run('pay', 'bob', '3', '--id', ID, '--json');
    assert.equal(again.status, 0);
    payee.kill('SIGINT');
    const { balance } = JSON.parse((await alice.run('balance', '--json')).stdout);
    assert.equal(balance, '9997.00', 'paid once');
  });

  test('a pipe that is no longer read ends listen quietly', async () => {
    const listener = alice.start('listen');
    await listener.line('alice is online');
    listener.stopReading();
    await bob.run('say', 'alice', 'is anybody there?');
    const { status, stderr } = await listener.ended;
    assert.deepEqual([status, stderr], [0, '']);
  });

  test('colours are for terminals, and for who asks for them', async () => {
    const words = ['list', '--server', server.endpoint];
    assert.doesNotMatch((await alice.run(...words)).stdout, ESCAPE);
    alice.env['FORCE_COLOR'] = '1';
    assert.match((await alice.run(...words)).stdout, ESCAPE);
    assert.doesNotMatch((await alice.run(...words, '--no-color')).stdout, ESCAPE);
    assert.doesNotMatch((await alice.run(...words, '--json')).stdout, ESCAPE);
    alice.env['NO_COLOR'] = '1';
    const both = await alice.run(...words);
    assert.equal(both.stderr, '', 'Node itself remarks on nothing');
    delete alice.env['FORCE_COLOR'];
    assert.doesNotMatch((await alice.run(...words)).stdout, ESCAPE);
    delete alice.env['NO_COLOR'];
  });

  test('a key file that others may read is not used', async () => {
    const careless = new Person(leftovers);
    await careless.run('register', 'careless', ...server.flags);
    const key = join(careless.folder, 'config/farthing/profiles/default/key');
    chmodSync(key, 0o644);
    const open = await careless.run('balance');
    assert.equal(open.status, 2);
    assert.match(open.stderr, /chmod 600/);
    chmodSync(key, 0o600);
    writeFileSync(key, 'garbage');
    const damaged = await careless.run('balance', '--json');
    assert.equal(damaged.status, 2);
    assert.equal(JSON.parse(damaged.stdout).error.name, 'FILE');
  });
});
