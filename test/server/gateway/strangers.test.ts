// Crowds before the door of a real server, and two servers before one port.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket, createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { ServerError } from '../../../src/operator/index.ts';
import type { Server } from '../../../src/server/index.ts';
import { orderId } from '../../hub/support/town.ts';
import { Client, codeOf } from '../support/client.ts';
import { startFor } from '../support/real-server.ts';

/** Connections that say nothing; resolves when all are there or have been refused. */
async function silentCrowd(
  t: TestContext,
  server: Server,
  count: number,
  localAddress: string,
): Promise<void> {
  const all = Array.from({ length: count }, () => {
    const socket = connectSocket({ host: '127.0.0.1', port: server.port, localAddress });
    t.after(() => socket.destroy());
    socket.resume();
    return new Promise<void>((resolve) => {
      socket.on('connect', resolve);
      socket.on('error', () => resolve());
    });
  });
  await Promise.all(all);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('a silent crowd', () => {
  test('takes nobody a place of those who may connect', async (t) => {
    const server = await startFor(t, { maxConnections: 20 });
    await silentCrowd(t, server, 100, '127.0.0.1');
    const alice = await Client.member(server, 'alice');
    assert.equal(codeOf(await alice.ask('list')), 100);
  });

  if (process.platform === 'linux') {
    test('of thousands from one address keeps nobody else out, and the operator is told once', async (t) => {
      const server = await startFor(t);
      const warnings: string[] = [];
      server.on('event', (event) => {
        if (event.event === 'warning') {
          warnings.push(event.text);
        }
      });
      const alice = await Client.member(server, 'alice');
      await silentCrowd(t, server, 3_000, '127.0.0.2');
      const bob = await Client.member(server, 'bob');
      assert.equal(codeOf(await alice.ask('pay', { to: 'bob', amount: 1, id: orderId(1) })), 100);
      await bob.heard('paid');
      const crowded = warnings.filter((text) => text.includes('turned away'));
      assert.ok(crowded.length >= 1 && crowded.length <= server.workers, `${warnings}`);
    });
  }
});

test('connections of one address: the next is told that the server is busy, whichever thread it comes to', async (t) => {
  const server = await startFor(t, { maxConnectionsPerAddress: 3 });
  const members: Client[] = [];
  for (const name of ['alice', 'bob', 'carol']) {
    members.push(await Client.member(server, name));
  }
  for (let attempt = 0; attempt < 4; attempt++) {
    await assert.rejects(Client.connect(server), { code: 'refused_busy' });
  }
  const [alice] = members;
  assert.ok(alice !== undefined);
  await alice.ask('exit');
  await alice.closed;
  let next = await Client.connect(server).catch(() => undefined);
  while (next === undefined) {
    next = await Client.connect(server).catch(() => undefined);
  }
  assert.equal(codeOf(await next.ask('list')), 220);
});

test('two servers that start at the same moment on one port: one of them serves, the other says why not', async (t) => {
  for (let round = 0; round < 3; round++) {
    const port = await freePort();
    const both = await Promise.allSettled([startFor(t, { port }), startFor(t, { port })]);
    const refused = both.filter((result) => result.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.ok(refused[0]?.reason instanceof ServerError && refused[0].reason.code === 'port_in_use');
    const [served] = both.filter((result) => result.status === 'fulfilled');
    await Client.member(served?.value ?? assert.fail(), 'alice');
  }
});
