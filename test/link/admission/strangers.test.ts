// Those who connect and are nobody: how many there may be, how long they may stay, and what they cost.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { after, describe, type TestContext, test } from 'node:test';
import {
  Admission,
  type AdmissionLimits,
  connect,
  DEFAULT_ADMISSION,
  type Link,
  type Listener,
  type ListenOptions,
  listen,
} from '../../../src/link/index.ts';
import { MAX_OPENINGS_PER_SOURCE } from '../support/internals.ts';
import { initiatorOptions, responderOptions, testKeys } from '../support/pipe.ts';

const sockets: Socket[] = [];
after(() => {
  for (const socket of sockets) {
    socket.destroy();
  }
});

async function listener(t: TestContext, over: Partial<ListenOptions> = {}): Promise<Listener> {
  const made = await listen({ host: '127.0.0.1', port: 0, ...responderOptions(), ...over });
  made.on('link', (link) => link.on('message', () => {}));
  t.after(() => made.close());
  return made;
}

function admission(limits: Partial<AdmissionLimits>): Admission {
  return new Admission({ ...DEFAULT_ADMISSION, ...limits });
}

/** A connection that says nothing by itself. */
function stranger({ port }: Listener, localAddress = '127.0.0.1'): Socket {
  const socket = connectSocket({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => {});
  socket.resume();
  sockets.push(socket);
  return socket;
}

/** Strangers who are all in their handshake now. */
async function crowd(
  of: Listener,
  count: number,
  localAddress?: (number: number) => string,
): Promise<Socket[]> {
  const opening = of.opening;
  const all = Array.from({ length: count }, (_, number) => stranger(of, localAddress?.(number)));
  await Promise.all(all.map((socket) => once(socket, 'connect')));
  while (of.opening < opening + count) {
    await new Promise(setImmediate);
  }
  return all;
}

/** Prelude and message 1 of a handshake that is never finished. */
const HALF_DONE = Buffer.concat([Buffer.from('FRTH\x01\x01\x01\x00\x20', 'latin1'), testKeys(7).publicKey]);

/** Strangers who have all been answered, and do not go on. */
async function begun(
  of: Listener,
  count: number,
  localAddress?: (number: number) => string,
): Promise<Socket[]> {
  const all = await crowd(of, count, localAddress);
  const answered = all.map((socket) => once(socket, 'data'));
  for (const socket of all) {
    socket.write(HALF_DONE);
  }
  await Promise.all(answered);
  return all;
}

async function dial({ port }: Listener): Promise<void> {
  const link = await connect({ host: '127.0.0.1', port, ...initiatorOptions() });
  await link.close();
}

describe('too many', () => {
  test('the next is reset before a byte of it is read, and a place is free again when one goes', async (t) => {
    const to = await listener(t, { admission: admission({ openingsPerSource: 3 }) });
    const [first] = await begun(to, 3);
    const dropped = once(to, 'dropped');
    const next = stranger(to);
    const reset = once(next, 'error');
    next.write('GET / HTTP/1.1\r\n\r\n');
    assert.deepEqual(await dropped, ['127.0.0.1']);
    assert.equal(((await reset)[0] as NodeJS.ErrnoException).code, 'ECONNRESET');
    const failed = once(to, 'failed');
    first?.destroy();
    await failed;
    await dial(to);
  });

  test('of those who say nothing, or nothing whole, the oldest makes room for somebody new', async (t) => {
    const to = await listener(t, { admission: admission({ openingsPerSource: 3 }) });
    const [, middle] = await crowd(to, 3);
    middle?.write('FRTH');
    const ends: string[] = [];
    to.on('failed', (error) => ends.push(error.code));
    to.on('dropped', () => ends.push('dropped'));
    await dial(to);
    assert.deepEqual(ends, ['dropped']);
    await dial(to);
    await dial(to);
    assert.deepEqual([ends, to.opening], [['dropped'], 2], 'a handshake that is done needs no room');
  });

  test('links: the next is told that we are busy', async (t) => {
    const to = await listener(t, { admission: admission({ links: 1 }) });
    const accepted = once(to, 'link') as Promise<[Link]>;
    const link = await connect({ host: '127.0.0.1', port: to.port, ...initiatorOptions() });
    await assert.rejects(dial(to), { code: 'refused_busy' });
    const [other] = await accepted;
    const gone = once(other, 'close');
    await link.close();
    await gone;
    await dial(to);
  });

  if (process.platform === 'linux') {
    // All of 127.0.0.0/8 is this machine there.
    test('a crowd from one address that is in its handshakes keeps nobody else out', async (t) => {
      const to = await listener(t);
      await begun(to, MAX_OPENINGS_PER_SOURCE, () => '127.0.0.2');
      const dropped = once(to, 'dropped');
      stranger(to, '127.0.0.2');
      assert.deepEqual(await dropped, ['127.0.0.2']);
      assert.equal(to.opening, MAX_OPENINGS_PER_SOURCE);
      await dial(to);
    });

    test('a silent crowd of thousands from one address does not even keep out those who share it', async (t) => {
      const to = await listener(t);
      let dropped = 0;
      to.on('dropped', () => dropped++);
      for (let number = 0; number < 2_000; number++) {
        stranger(to, '127.0.0.1');
      }
      await dial(to);
      while (dropped < 1_000) {
        await new Promise(setImmediate);
      }
      assert.ok(to.opening <= MAX_OPENINGS_PER_SOURCE);
      await dial(to);
    });

    test('a crowd from everywhere: chance lets somebody in, and never more than there is room for', async (t) => {
      const limits = { openingsLow: 50, openingsHigh: 150 };
      const to = await listener(t, { admission: admission(limits) });
      let dropped = 0;
      to.on('dropped', () => dropped++);
      const all = Array.from({ length: 400 }, (_, number) =>
        stranger(to, `127.1.${number % 100}.${number % 7}`),
      );
      for (const socket of all) {
        socket.write(HALF_DONE);
      }
      while (to.opening + dropped < 400) {
        await new Promise(setImmediate);
      }
      assert.ok(to.opening > limits.openingsLow && to.opening <= limits.openingsHigh, `${to.opening}`);
      for (const socket of all) {
        socket.destroy();
      }
      while (to.opening > 0) {
        await new Promise(setImmediate);
      }
      await dial(to);
    });
  }
});

describe('too slow', () => {
  test('silence has a shorter deadline than a handshake that has begun', async (t) => {
    const to = await listener(t, { firstByteMs: 1, timeoutMs: 3_600_000 });
    const [silent, begun] = await crowd(to, 2);
    assert.ok(silent !== undefined && begun !== undefined);
    begun.write('F');
    const closed = once(silent, 'close');
    const [error] = await once(to, 'failed');
    assert.equal(error.code, 'handshake_timeout');
    await closed;
    assert.equal(to.opening, 1);
    assert.equal(begun.destroyed, false);
  });

  test('who sends a byte now and then has to be done in time all the same', async (t) => {
    const to = await listener(t, { timeoutMs: 1_500 });
    const [slow] = await crowd(to, 1);
    const failed = once(to, 'failed');
    const bytes = Buffer.from('FRTH\x01\x01\x01\x00\x20', 'latin1').values();
    const drip = setInterval(() => slow?.write(Uint8Array.of(bytes.next().value ?? 1)), 100);
    t.after(() => clearInterval(drip));
    const [error] = await failed;
    assert.equal(error.code, 'handshake_timeout');
  });
});
