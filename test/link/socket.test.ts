import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import { queryObjects } from 'node:v8';
import {
  type ConnectOptions,
  connect,
  type Link,
  type LinkError,
  type Listener,
  listen,
} from '../../src/link/index.ts';
import { HIGH_WATER, MAX_MESSAGE } from './support/internals.ts';
import { bytes, initiatorOptions, responderOptions, testKeys, text } from './support/pipe.ts';

const listeners: Listener[] = [];
after(() => {
  for (const listener of listeners) {
    listener.close();
  }
});

/** A listener on a port of the system's choice whose links send back what they hear. */
async function echoServer(over: Parameters<typeof listen>[0] | object = {}): Promise<Listener> {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions(), ...over });
  listener.on('link', (link) => link.on('message', (body) => link.send(body.slice())));
  listeners.push(listener);
  return listener;
}

/** Bytes of memory outside the heap that are in use: what is not has been collected. */
function heldBytes(): number {
  queryObjects(Map, { format: 'count' }); // begins with a full collection
  return process.memoryUsage().arrayBuffers;
}

function dial(listener: Listener, over: Partial<ConnectOptions> = {}): Promise<Link> {
  return connect({ host: '127.0.0.1', port: listener.port, ...initiatorOptions(), ...over });
}

async function nextMessage(link: Link): Promise<string> {
  return new Promise((resolve) => link.once('message', (body) => resolve(text(body))));
}

async function ended(link: Link): Promise<LinkError | undefined> {
  const [error] = (await once(link, 'close')) as [LinkError | undefined];
  return error;
}

for (const suite of ['XX', 'XXhfs'] as const) {
  test(`${suite}: both ends know each other, echo, and close in order`, async () => {
    const listener = await echoServer();
    const accepted = once(listener, 'link') as Promise<[Link]>;
    const link = await dial(listener, { suite });
    link.send(bytes('hello'));
    assert.equal(await nextMessage(link), 'hello');
    const [other] = await accepted;
    assert.deepEqual(link.remoteKey, testKeys(2).publicKey);
    assert.deepEqual(other.remoteKey, testKeys(1).publicKey);
    assert.deepEqual(link.handshakeHash, other.handshakeHash);
    assert.equal(other.remoteHost, '127.0.0.1');
    assert.equal(text(other.remotePayload), 'from the initiator');
    const both = Promise.all([ended(link), ended(other)]);
    await link.close();
    assert.deepEqual(await both, [undefined, undefined]);
    assert.equal(link.closed, true);
    assert.equal(link.send(bytes('too late')), false);
  });
}

test('message 3 and the requests of the same turn leave in one write', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const listener = await echoServer();
  const { port } = server.address() as { port: number };
  const chunks: Buffer[] = [];
  server.on('connection', (near) => {
    const far = connectSocket({ host: '127.0.0.1', port: listener.port });
    near.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      far.write(chunk);
    });
    far.pipe(near);
    near.on('close', () => far.destroy());
    near.on('error', () => {});
    far.on('error', () => {});
  });
  const link = await connect({ host: '127.0.0.1', port, ...initiatorOptions() });
  link.send(bytes('one '));
  link.send(bytes('two'));
  assert.equal(await nextMessage(link), 'one two');
  assert.deepEqual(
    chunks.map((chunk) => chunk.length),
    [7 + 2 + 32, 2 + 64 + 'from the initiator'.length + (2 + 64 + 16)],
  );
  await link.close();
  server.close();
});

test('what is sent before a CLOSE arrives, and the answer to it too', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions() });
  listeners.push(listener);
  listener.on('link', (link) => {
    const heard: string[] = [];
    link.on('message', (body) => heard.push(text(body)));
    link.on('end', () => {
      link.send(bytes(`heard ${heard.join()}`));
      void link.close();
    });
  });
  const link = await dial(listener);
  const answer = nextMessage(link);
  link.send(bytes('all'));
  await link.close();
  assert.equal(await answer, 'heard all');
});

test('a connection that ends without CLOSE is truncation', async () => {
  const listener = await echoServer();
  const accepted = once(listener, 'link') as Promise<[Link]>;
  const link = await dial(listener);
  const [other] = await accepted;
  const error = ended(other);
  link.destroy();
  assert.equal((await error)?.code, 'truncated');
});

test('backpressure: send says false, drain comes, every byte arrives', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions() });
  listeners.push(listener);
  const accepted = once(listener, 'link') as Promise<[Link]>;
  const link = await dial(listener);
  const [other] = await accepted;
  let received = 0;
  let sent = 0;
  const message = new Uint8Array(MAX_MESSAGE).fill(5);
  while (link.send(message)) {
    sent += message.length;
  }
  sent += message.length;
  assert.ok(sent > HIGH_WATER / 2);
  const drained = once(link, 'drain');
  const all = new Promise<void>((resolve) => {
    other.on('message', (body) => {
      received += body.length;
      if (received === sent) {
        resolve();
      }
    });
  });
  await drained;
  await all;
  await link.close();
});

test('one who sends in a loop comes to a stop, even where the other side takes everything at once', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions() });
  listeners.push(listener);
  listener.on('link', (other) => other.on('message', () => {}));
  const link = await dial(listener);
  const message = new Uint8Array(16 * 1024);
  let sent = 0;
  // Small enough in all for the system's own memory, were it not cut short.
  while (sent < 140 && link.send(message)) {
    sent++;
  }
  assert.ok(sent < 140, `${sent} messages in one turn`);
  await once(link, 'drain');
  assert.equal(link.send(message), true);
  await link.close();
});

test('what waits for one who does not read takes hardly more memory than is counted', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions() });
  listeners.push(listener);
  const accepted = once(listener, 'link') as Promise<[Link]>;
  const link = await dial(listener);
  await accepted; // and nobody listens to it
  while (link.queuedBytes < HIGH_WATER / 2) {
    link.send(new Uint8Array(60_000));
    await new Promise(setImmediate);
  }
  // Until the system has taken what it will.
  for (let turn = 0, queued = 0; turn < 100; turn++) {
    if (link.queuedBytes !== queued) {
      turn = 0;
    }
    queued = link.queuedBytes;
    await new Promise(setImmediate);
  }
  const before = { held: heldBytes(), counted: link.queuedBytes };
  for (let turn = 0; turn < 2_000; turn++) {
    link.send(new Uint8Array(40));
    await new Promise(setImmediate);
  }
  const held = heldBytes() - before.held;
  const counted = link.queuedBytes - before.counted;
  assert.ok(counted > 2_000 * 40);
  assert.ok(held < 8 * counted, `${held} bytes held, ${counted} counted`);
  link.destroy();
});

test('a reader that never reads is given up, and only it', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions() });
  listeners.push(listener);
  const accepted = once(listener, 'link') as Promise<[Link]>;
  const link = await dial(listener);
  const [other] = await accepted;
  const error = ended(link);
  const message = new Uint8Array(MAX_MESSAGE);
  while (!link.closed && link.queuedBytes < 32 << 20) {
    link.send(message);
    await new Promise(setImmediate);
  }
  assert.equal((await error)?.code, 'overflow');
  other.destroy();
});

test('pause stops a reader in the middle of a segment', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions() });
  listeners.push(listener);
  const accepted = once(listener, 'link') as Promise<[Link]>;
  const link = await dial(listener);
  const [other] = await accepted;
  const heard: string[] = [];
  const done = new Promise<void>((resolve) => {
    other.on('message', (body) => {
      heard.push(text(body));
      other.pause();
      setImmediate(() => other.resume());
      if (heard.length === 3) {
        resolve();
      }
    });
  });
  for (const word of ['a', 'b', 'c']) {
    link.send(bytes(word));
    link.flush();
  }
  await done;
  assert.deepEqual(heard, ['a', 'b', 'c']);
  await link.close();
});

describe('a link that cannot be made says why', () => {
  test('nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await assert.rejects(connect({ host: '127.0.0.1', port, ...initiatorOptions() }), {
      code: 'unreachable',
    });
  });

  test('the required key is another', async () => {
    const listener = await echoServer();
    const failed = once(listener, 'failed');
    await assert.rejects(dial(listener, { expectedRemoteKey: testKeys(9).publicKey }), { code: 'wrong_key' });
    assert.equal(((await failed)[0] as LinkError).code, 'truncated');
  });

  test('the suite is not accepted, and no weaker one is tried', async () => {
    const listener = await echoServer({ suites: ['XXhfs'] });
    let connections = 0;
    listener.on('failed', () => connections++);
    await assert.rejects(dial(listener, { suite: 'XX' }), { code: 'refused_suite' });
    assert.equal(connections, 1);
  });

  test('the listener is busy', async () => {
    const listener = await echoServer({ admit: () => false });
    await assert.rejects(dial(listener), { code: 'refused_busy' });
  });

  test('the other side speaks something else', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await assert.rejects(connect({ host: '127.0.0.1', port, ...initiatorOptions() }), { code: 'bad_frame' });
    server.close();
  });

  test('nobody answers in time', async () => {
    const open: Socket[] = [];
    const server = createServer((socket) => open.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await assert.rejects(connect({ host: '127.0.0.1', port, ...initiatorOptions(), timeoutMs: 1 }), {
      code: 'handshake_timeout',
    });
    for (const socket of open) {
      socket.destroy();
    }
    server.close();
  });

  test('the caller gives up', async () => {
    const listener = await echoServer();
    const signal = AbortSignal.abort();
    await assert.rejects(dial(listener, { signal }), { code: 'aborted' });
  });
});

test('garbage, a connection cut at any byte and a half-open one disturb nobody', async () => {
  const listener = await echoServer();
  const witness = await dial(listener);
  const hello = Buffer.concat([
    Buffer.from('46525448010101', 'hex'),
    Buffer.from([0, 32]),
    Buffer.alloc(32, 9),
  ]);
  const failures: string[] = [];
  const all = new Promise<void>((resolve) => {
    listener.on('failed', (error) => {
      failures.push(error.code);
      if (failures.length === hello.length + 1) {
        resolve();
      }
    });
  });
  for (let cut = 0; cut <= hello.length; cut++) {
    const socket = connectSocket({ host: '127.0.0.1', port: listener.port });
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'connect');
    if (cut % 2 === 0) {
      socket.end(hello.subarray(0, cut));
    } else {
      socket.write(hello.subarray(0, cut), () => socket.resetAndDestroy());
    }
  }
  await all;
  assert.equal(failures.length, hello.length + 1);
  witness.send(bytes('still here'));
  assert.equal(await nextMessage(witness), 'still here');
  await witness.close();
});
