// farthing-server as its operator sees it.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const operator = new Person(leftovers);
const LOCAL = ['0', '--host', '127.0.0.1'];

describe('farthing-server for people', () => {
  test('shows how to reach it, and logs every message, numbered, without what is private', async () => {
    const server = operator.serve(...LOCAL, '--data', newFolder(leftovers));
    const address = await server.line('address');
    const [, endpoint = '', key = ''] = /farthing:\/\/(\S+)#([0-9a-f]{64})/.exec(address) ?? [];
    const key4 = key.replace(/.{4}(?=.)/g, '$& ');
    assert.ok((await server.line('  key')).endsWith(key4));
    assert.match(await server.line('listening'), /127\.0\.0\.1 port \d+, \d+ threads?/);
    assert.match(await server.line('suites'), /XXhfs, XX/);
    assert.match(await server.line('backend'), /native|noble/);
    await server.line('  data');

    const alice = new Person(leftovers);
    await alice.run('register', 'alice', '--server', endpoint, '--server-key', key);
    await alice.run('pay', 'nobody', '1', '--memo', 'a private matter');
    assert.match(await server.line('recv register'), /^#1 \[conn 1\] recv register alice$/);
    assert.match(await server.line('send register'), /^#2 \[conn 1\] send register 100$/);
    assert.match(await server.line('recv login'), /^#3 \[conn 2\] recv login alice$/);
    await server.line('User alice log in');
    assert.match(await server.line('recv pay'), /^#5 \[conn 2\] recv pay to nobody \(100 minor units\)$/);
    assert.match(await server.line('send pay'), /^#6 \[conn 2\] send pay 310$/);
    await server.line('User alice log out');
    server.kill('SIGINT');
    const { status, stdout } = await server.ended;
    assert.equal(status, 0);
    assert.match(stdout, /Stopped\.\n$/);
    assert.doesNotMatch(stdout, /private matter/);
    assert.equal(
      stdout.split(key).length,
      3,
      'the public key stands in the address and in the command to join, nowhere else',
    );
  });

  test('-q shows the address and nothing of what happens', async () => {
    const server = operator.serve(...LOCAL, '--data', newFolder(leftovers), '-q');
    const address = (await server.line('farthing://')).replace('Address ', '');
    await new Person(leftovers).run('register', 'alice', '--server', address);
    server.kill('SIGTERM');
    const { status, stdout, stderr } = await server.ended;
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(stdout.split('\n').length, 3);
  });
});

describe('farthing-server --json', () => {
  test('first says where it listens, then what happens, and last that it has stopped', async () => {
    const server = operator.serve(...LOCAL, '--data', newFolder(leftovers), '--json');
    const listening = JSON.parse(await server.line(''));
    const { host, port, key } = listening;
    const address = `farthing://127.0.0.1:${port}#${key}`;
    assert.deepEqual(listening, { event: 'listening', host: '127.0.0.1', port, key, address });
    assert.equal(host, '127.0.0.1');
    assert.match(key, /^[0-9a-f]{64}$/);
    await new Person(leftovers).run('register', 'alice', '--server', address);
    const { level, time, ...message } = JSON.parse(await server.line('"message"'));
    assert.equal(level, 'info');
    assert.equal(new Date(time).toISOString(), time);
    assert.deepEqual(message, {
      event: 'message',
      n: 1,
      conn: 1,
      direction: 'recv',
      kind: 'request',
      method: 'register',
      name: 'alice',
    });
    server.kill('SIGINT');
    const { status, stdout } = await server.ended;
    assert.equal(status, 0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    assert.deepEqual(events.slice(0, 2), ['listening', 'connect']);
    assert.equal(events.at(-1), 'stopped');
  });

  test('a connection that is no link is logged and disturbs nobody', async () => {
    const server = await RunningServer.start(leftovers);
    const web = connect(server.port, '127.0.0.1');
    web.on('error', () => {});
    web.write('GET / HTTP/1.1\r\n\r\n');
    assert.equal(JSON.parse(await server.program.line('"unopened"')).reason, 'bad_prelude');
    const outcome = await new Person(leftovers).run('register', 'alice', ...server.flags);
    assert.equal(outcome.status, 0);
    web.destroy();
  });
});

describe('farthing-server and its folder', () => {
  test('two servers on one folder, or on one port, do not go together', async () => {
    const books = newFolder(leftovers);
    const server = await RunningServer.start(leftovers, books);
    const sameBooks = await operator.serve(...LOCAL, '--data', books).ended;
    assert.equal(sameBooks.status, 1);
    assert.match(sameBooks.stderr, /^farthing-server: /);
    const port = String(server.port);
    const samePort = await operator.serve(
      port,
      '--host',
      '127.0.0.1',
      '--data',
      newFolder(leftovers),
      '--json',
    ).ended;
    assert.equal(samePort.status, 1);
    assert.equal(JSON.parse(samePort.stdout).error.name, 'PORT_IN_USE');
  });

  test('without --data it keeps key and books in the data folder of the user, for them alone', async () => {
    const person = new Person(leftovers);
    const server = person.serve(...LOCAL);
    await server.line('address');
    server.kill('SIGTERM');
    await server.ended;
    const folder = join(person.folder, 'data/farthing-server');
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'server.key')).mode & 0o777, 0o600);
  });

  test('a folder with something else in it is refused', async () => {
    const folder = join(newFolder(leftovers), 'books');
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'server.key'), 'not a key\n', { mode: 0o600 });
    const { status, stderr } = await operator.serve(...LOCAL, '--data', folder).ended;
    assert.equal(status, 1);
    assert.match(stderr, /is not a server key/);
  });

  test('audit: the books of a server are in order, while it runs and when it has stopped', async () => {
    const books = newFolder(leftovers);
    const server = await RunningServer.start(leftovers, books);
    await new Person(leftovers).run('register', 'alice', ...server.flags);
    const running = await operator.serve('audit', '--data', books).ended;
    assert.equal(running.status, 0);
    await server.stop();
    const { status, stdout } = await operator.serve('audit', '--data', books, '--json').ended;
    assert.equal(status, 0);
    const report = JSON.parse(stdout);
    assert.deepEqual(
      [report.ok, report.transfers, report.circulationMinor, report.problems],
      [true, 1, 1_000_000, []],
    );
    const human = await operator.serve('audit', '--data', books).ended;
    assert.match(human.stdout, /the sum of all balances is zero/);
    const none = await operator.serve('audit', '--data', join(books, 'none')).ended;
    assert.equal(none.status, 1);
    assert.match(none.stderr, /there are no books in/);
    assert.equal(existsSync(join(books, 'none')), false, 'an audit makes nothing');
  });

  test('grant, currency and scale are those of the books', async () => {
    const words = [
      '--grant',
      '5.5',
      '--currency',
      'beans',
      '--scale',
      '1',
      '--require-pq',
      '--no-rates',
      '--workers',
      '2',
    ];
    const server = operator.serve(...LOCAL, '--data', newFolder(leftovers), '--json', ...words);
    const { address } = JSON.parse(await server.line('"listening"'));
    const alice = new Person(leftovers);
    await alice.run('register', 'alice', '--server', address);
    assert.equal((await alice.run('balance')).stdout, '5.5 beans\n');
    const classic = await alice.run('balance', '--suite', 'XX');
    assert.equal(classic.status, 3);
    assert.match(classic.stderr, /does not accept this cipher suite/);
  });
});

describe('wrong usage of farthing-server', { concurrency: 2 }, () => {
  const CASES: [words: string[], says: RegExp][] = [
    [['adit'], /neither a port nor a command\nDid you mean "farthing-server audit"\?/],
    [['70000'], /the port must be a whole number from 0 to 65535/],
    [['1', '2'], /nothing to do with "2"/],
    [['--wrokers', '2'], /there is no option --wrokers\nDid you mean --workers\?/],
    [['--grant', 'much'], /"much" is not an amount/],
    [['0', '--scale', '99'], /scale/],
  ];
  for (const [words, says] of CASES) {
    test(`farthing-server ${words.join(' ')}`, async () => {
      const { status, stdout, stderr } = await operator.serve(...words).ended;
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, says);
    });
  }

  test('--help begins with an example, --version names the cryptography', async () => {
    assert.match(
      (await operator.serve('-h').ended).stdout,
      /^Example: farthing-server 1960 --data \.\/books\n/,
    );
    assert.match(
      (await operator.serve('--version').ended).stdout,
      /^farthing-server \d.*\nNode .*\ncryptography: /,
    );
  });
});
