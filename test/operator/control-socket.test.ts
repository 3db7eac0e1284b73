import assert from 'node:assert/strict';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { temporaryFolder } from '../hub/support/town.ts';
import {
  Administration,
  askControl,
  CONTROL_REQUEST_BYTES,
  ControlSocket,
  controlPath,
  MAX_CONTROL_CONNECTIONS,
} from './support/internals.ts';

/** Answers every line with what it was, in capitals. */
async function echo(
  t: TestContext,
  folder = temporaryFolder(t),
): Promise<{ folder: string; control: ControlSocket }> {
  const control = await ControlSocket.open(folder);
  t.after(() => control.close());
  control.serve(async (line) => line.toUpperCase());
  return { folder, control };
}

/** Sends bytes, and closes its half; everything that comes back until the other end has closed. */
async function send(folder: string, bytes: string | Buffer): Promise<string> {
  const socket = connect({ path: controlPath(folder), allowHalfOpen: true });
  socket.end(bytes);
  return (await buffer(socket).catch(() => Buffer.alloc(0))).toString();
}

/** What is left behind by a server that was killed: a socket on which nobody listens. */
async function leaveBehind(folder: string): Promise<void> {
  const path = controlPath(folder);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.old`, resolve));
  linkSync(`${path}.old`, path);
  await new Promise((resolve) => server.close(resolve));
}

describe('the control socket', () => {
  test('answers one line with one, for its owner alone, and is gone when it is closed', async (t) => {
    const { folder, control } = await echo(t);
    assert.equal(statSync(controlPath(folder)).mode & 0o777, 0o600);
    assert.equal(await askControl(folder, 'hello'), 'HELLO');
    assert.equal(await send(folder, 'again\n'), 'AGAIN\n');
    await control.close();
    assert.equal(existsSync(controlPath(folder)), false);
    assert.equal(await askControl(folder, 'hello'), undefined);
  });

  test('answers what came before there was somebody to answer', async (t) => {
    const folder = temporaryFolder(t);
    const control = await ControlSocket.open(folder);
    t.after(() => control.close());
    const asked = askControl(folder, 'early');
    control.serve(async (line) => `${line} bird`);
    assert.equal(await asked, 'early bird');
  });

  test('what was asked before it is closed is answered still', async (t) => {
    const folder = temporaryFolder(t);
    const control = await ControlSocket.open(folder);
    const { promise, resolve } = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    control.serve(() => {
      begun.resolve();
      return promise;
    });
    const asked = askControl(folder, 'slow');
    await begun.promise;
    const closed = control.close();
    resolve('done');
    assert.equal(await asked, 'done');
    await closed;
  });

  test('a connection that ends without an answer is an error: what was asked may have been done', async (t) => {
    const folder = temporaryFolder(t);
    const control = await ControlSocket.open(folder);
    t.after(() => control.close());
    control.serve(() => Promise.reject(new Error('a fault')));
    await assert.rejects(askControl(folder, 'x'), { code: 'no_answer' });
  });

  const HOSTILE: [what: string, bytes: string | Buffer][] = [
    ['nothing', ''],
    ['no line feed', 'hello'],
    ['two lines', 'hello\nworld\n'],
    ['a line and something after it', 'hello\nx'],
    ['a line that is too long', `${'x'.repeat(CONTROL_REQUEST_BYTES)}\n`],
    ['a flood', Buffer.alloc(1024 * 1024, 0x78)],
  ];
  for (const [what, bytes] of HOSTILE) {
    test(`${what}: no answer, and the next one is answered`, async (t) => {
      const { folder } = await echo(t);
      assert.equal(await send(folder, bytes), '');
      assert.equal(await askControl(folder, 'hello'), 'HELLO');
    });
  }

  test('takes no more connections than it says', async (t) => {
    const { folder } = await echo(t);
    const silent = Array.from({ length: MAX_CONTROL_CONNECTIONS }, () => connect(controlPath(folder)));
    t.after(() => {
      for (const socket of silent) {
        socket.destroy();
      }
    });
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await assert.rejects(askControl(folder, 'one too many'), { code: 'no_answer' });
    silent[0]?.end('hello\n');
    const [first] = silent;
    assert.ok(first);
    assert.equal((await buffer(first)).toString(), 'HELLO\n');
  });
});

describe('the control socket is not opened', () => {
  const refused = (folder: string, message: RegExp) =>
    assert.rejects(ControlSocket.open(folder), { name: 'ServerError', code: 'no_control', message });

  test('in a folder that others may enter; nor used there', async (t) => {
    const { folder } = await echo(t);
    chmodSync(folder, 0o750);
    await assert.rejects(askControl(folder, 'hello'), { code: 'bad_data_dir', message: /chmod 700/ });
    await refused(folder, /chmod 700/);
  });

  test('where nobody can look for it, which is not taken for a folder without a server', async (t) => {
    const file = join(temporaryFolder(t), 'file');
    writeFileSync(file, '');
    const within = join(file, 'data');
    await assert.rejects(askControl(within, 'hello'), {
      code: 'bad_data_dir',
      message: /cannot reach .*ENOTDIR/,
    });
    await assert.rejects(new Administration(within).accounts(), { code: 'bad_data_dir' });
    await refused(within, /ENOTDIR/);
  });

  test('where its path would be too long', async (t) => {
    const folder = join(temporaryFolder(t), 'd'.repeat(100));
    mkdirSync(folder, { mode: 0o700 });
    await refused(folder, /is longer than the 10[37] bytes/);
    assert.equal(await askControl(folder, 'hello'), undefined);
  });

  test('over something that is no socket, which stays', async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(controlPath(folder), 'a note');
    await refused(folder, /is no socket/);
    assert.equal(readFileSync(controlPath(folder), 'utf8'), 'a note');
    assert.equal(await askControl(folder, 'hello'), undefined);
  });

  test('where somebody answers, who is not disturbed', async (t) => {
    const { folder } = await echo(t);
    await refused(folder, /another program answers/);
    assert.equal(await askControl(folder, 'hello'), 'HELLO');
  });

  test('but over one that was left behind it is', async (t) => {
    const folder = temporaryFolder(t);
    await leaveBehind(folder);
    assert.ok(statSync(controlPath(folder)).isSocket());
    assert.equal(await askControl(folder, 'hello'), undefined);
    await echo(t, folder);
    assert.equal(await askControl(folder, 'hello'), 'HELLO');
  });
});
