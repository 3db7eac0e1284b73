import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { DEFAULT_ADMISSION } from '../../../src/link/index.ts';
import { orderId, temporaryFolder } from '../../hub/support/town.ts';
import { Client, codeOf, type Target } from '../support/client.ts';
import { descriptorAdvice } from '../support/internals.ts';

const PROGRAM = join(import.meta.dirname, 'few-files.process.ts');

/** Files that the server may open: enough for its threads and books, and some connections. */
const FILES = 120;

interface Line {
  readonly event: string;
  readonly text?: string;
  readonly port?: number;
  readonly key?: string;
}

async function startServer(
  t: TestContext,
): Promise<{ target: Target; warned: (what: RegExp) => Promise<void> }> {
  const child = spawn(
    'sh',
    ['-c', `ulimit -n ${FILES}; exec "$0" "$@"`, process.execPath, PROGRAM, temporaryFolder(t)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.after(async () => {
    if (child.exitCode !== null) {
      return;
    }
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  });
  const lines: Line[] = [];
  let heard = () => {};
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line) as Line);
    heard();
  });
  const line = async (found: (line: Line) => boolean): Promise<Line> => {
    for (;;) {
      const match = lines.find(found);
      if (match !== undefined) {
        return match;
      }
      assert.equal(child.exitCode, null, 'it still runs');
      await new Promise<void>((resolve) => {
        heard = resolve;
        child.once('exit', () => resolve());
      });
    }
  };
  const { port = 0, key = '' } = await line(({ event }) => event === 'listening');
  return {
    target: { port, key: new Uint8Array(Buffer.from(key, 'hex')) },
    warned: async (what) => {
      await line(({ event, text = '' }) => event === 'warning' && what.test(text));
    },
  };
}

/** Connections until the server has had to close one for want of a descriptor. */
async function exhaust({ port }: Target): Promise<Socket[]> {
  const sockets: Socket[] = [];
  const full = Promise.withResolvers<void>();
  while (sockets.length < 2 * FILES) {
    const socket = connectSocket(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', () => full.resolve());
    socket.resume();
    sockets.push(socket);
  }
  await full.promise;
  return sockets;
}

describe('when no file descriptors are left', () => {
  test('members go on, the operator is told, and newcomers are taken again when there is room', async (t) => {
    const { target, warned } = await startServer(t);
    await warned(/may open \d+ files/);
    const alice = await Client.member(target, 'alice');
    const bob = await Client.member(target, 'bob');
    const pay = (id: number) => alice.ask('pay', { to: 'bob', amount: 1, id: orderId(id) }).then(codeOf);
    const crowd = await exhaust(target);
    t.after(() => {
      for (const socket of crowd) {
        socket.destroy();
      }
    });
    await warned(/no file descriptors are left/);
    assert.equal(await pay(1), 100);
    for (const socket of crowd) {
      socket.destroy();
    }
    let carol = await Client.connect(target).catch(() => undefined);
    while (carol === undefined) {
      carol = await Client.connect(target).catch(() => undefined);
    }
    assert.equal(codeOf(await carol.ask('register', { name: 'carol' })), 100);
    assert.equal(await pay(2), 100);
    await bob.heard('paid');
  });
});

test('a limit of open files that the connections would exceed is told at the start', () => {
  const limits = { ...DEFAULT_ADMISSION, links: 1_000 };
  assert.match(descriptorAdvice(limits, 1_024) ?? '', /may open 1024 files, and 1000 connections need \d+/);
  assert.equal(descriptorAdvice(limits, 1_000_000), undefined);
});
