// Standard output that is slow, full or closed, for both programs.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const CLI = join(import.meta.dirname, '../../src/cli/bin');
/** A device that is always full, where the system has one. */
const FULL = ['/dev/full'].filter((device) => existsSync(device));

/**
 * Runs a program by a line of shell in which `"$@"` is the program and its words; file 3 is ours to write to.
 */
function shell(
  line: string,
  person: Person,
  program: 'farthing' | 'farthing-server',
  ...words: string[]
): ChildProcess {
  const argv = [process.execPath, join(CLI, `${program}.ts`), ...words];
  const child = spawn('sh', ['-c', line, 'sh', ...argv], {
    env: person.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  leftovers.after(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function outcome(child: ChildProcess): Promise<{ status: number | null; out: string; err: string }> {
  const { stdout, stderr } = child;
  assert.ok(stdout && stderr);
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(stdout), text(stderr)]);
  return { status: await status, out, err };
}

describe('the answer of a command', () => {
  let server: RunningServer;
  const alice = new Person(leftovers);
  const data = newFolder(leftovers);

  before(async () => {
    server = await RunningServer.start(leftovers, data);
    assert.equal((await alice.run('register', 'alice', ...server.flags)).status, 0);
    const dave = new Person(leftovers);
    assert.equal((await dave.run('register', 'dave', ...server.flags)).status, 0);
    await dave.start('listen').line('is online');
  });

  for (const full of FULL) {
    test(`paid, but the disk is full: status 74 and one plain line (${full})`, async () => {
      const child = shell(`exec "$@" >${full}`, alice, 'farthing', 'pay', 'dave', '1', '--json');
      const { status, err } = await outcome(child);
      assert.equal(status, 74);
      assert.match(
        err,
        /^farthing: could not write the answer: .*no space left.*; what was asked has been done\n$/,
      );
      assert.equal((await alice.run('balance')).stdout, '9,999.00 dollars\n');
    });

    test(`refused, and the disk is full: the status of the refusal (${full})`, async () => {
      const child = shell(`exec "$@" >${full}`, alice, 'farthing', 'pay', 'nobody', '1', '--json');
      const { status, err } = await outcome(child);
      assert.equal(status, 1);
      assert.doesNotMatch(err, /has been done| at /);
    });

    test(`what is written out and does not fit is missing: status 74 and one plain line (${full})`, async () => {
      const memo = 'm'.repeat(200);
      const lines = [
        'login alice',
        ...Array.from({ length: 300 }, () => `pay dave 0.01 for ${memo}`),
        'exit',
      ];
      assert.equal((await alice.pipe(`${lines.join('\n')}\n`)).status, 0);
      for (const format of ['csv', 'jsonl']) {
        const words = ['export', '--data', data, '--format', format];
        const { status, err } = await outcome(
          shell(`exec "$@" >${full}`, alice, 'farthing-server', ...words),
        );
        assert.equal(status, 74);
        assert.match(err, /^farthing-server: could not write the answer: [^\n]*no space left[^\n]*\n$/);
      }
    });

    test(`listen ends when nothing can be written any more (${full})`, async () => {
      const { status, err } = await outcome(shell(`exec "$@" >${full}`, alice, 'farthing', 'listen'));
      assert.equal(status, 74);
      assert.match(err, /^farthing: could not write the answer: [^;]*\n$/);
    });
  }

  test('goes whole through a pipe that holds less, to a reader who begins late', async () => {
    const memo = '\u0001'.repeat(256);
    const lines = ['login alice', ...Array.from({ length: 100 }, () => `pay dave 0.01 for ${memo}`), 'exit'];
    const paid = await alice.pipe(`${lines.join('\n')}\n`);
    assert.equal(paid.status, 0);
    const line = '"$@" | { read -r go <&3; cat; }';
    const child = shell(line, alice, 'farthing', 'history', '--limit', '100', '--json');
    const ended = outcome(child);
    await server.program.line('"history"');
    await server.program.line('"logout"');
    const go = child.stdio[3];
    assert.ok(go instanceof Writable);
    go.end('go\n');
    const { out } = await ended;
    assert.ok(out.length > 160_000);
    assert.equal(JSON.parse(out).transfers.length, 100);
  });
});

describe('the log of a server', () => {
  for (const full of FULL) {
    test(`on a full disk: one warning, and the server goes on (${full})`, async () => {
      const books = newFolder(leftovers);
      const first = await RunningServer.start(leftovers, books);
      await first.stop();
      const words = [String(first.port), '--data', books, '--host', '127.0.0.1', '--json'];
      const child = shell(`exec "$@" >${full}`, new Person(leftovers), 'farthing-server', ...words);
      const ended = outcome(child);
      await new Promise((resolve) => child.stderr?.once('data', resolve));
      const alice = new Person(leftovers);
      assert.equal((await alice.run('register', 'alice', ...first.flags)).status, 0);
      child.kill('SIGTERM');
      const { status, err } = await ended;
      assert.equal(status, 0);
      assert.match(err, /^farthing-server: the log cannot be written: .*no space left.*\n$/);
    });
  }

  test('that nobody reads any more, as after head: the server goes on, and stops in good order', async () => {
    const server = await RunningServer.start(leftovers);
    server.program.stopReading();
    for (const name of ['alice', 'bob', 'carol']) {
      const { status } = await new Person(leftovers).run('register', name, ...server.flags);
      assert.equal(status, 0);
    }
    const listening = new Person(leftovers);
    assert.equal((await listening.run('register', 'dan', ...server.flags)).status, 0);
    const { status, stderr } = await server.stop();
    assert.deepEqual([status, stderr], [0, '']);
  });
});
