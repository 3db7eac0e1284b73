import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { generateKeyPair } from '../../src/link/index.ts';
import { newCounters } from '../../src/server/gateway.ts';
import type { GatewayThreadData } from '../../src/server/gateway-thread.ts';
import type { HubThreadData } from '../../src/server/hub-thread.ts';
import { type GatewayThread, type HubThread, Server } from '../../src/server/server.ts';
import { startServer } from '../../src/server/start.ts';
import { Thread } from '../../src/server/thread.ts';
import { Client } from './client.ts';
import { temporaryFolder } from './town.ts';

async function startHub(dataDir: string, gateways: HubThreadData['gateways']): Promise<HubThread> {
  const data: HubThreadData = {
    ledger: join(dataDir, 'ledger.db'),
    settings: {},
    gateways,
    noRates: false,
    events: false,
  };
  const hub: HubThread = new Thread('hub-thread', data, gateways);
  assert.deepEqual(await hub.next(), { type: 'ready', accounts: 0 });
  return hub;
}

/** A server whose only gateway talks to a hub through a port that the test holds as well. */
async function startParts(t: TestContext) {
  const dataDir = temporaryFolder(t);
  const [toHub, toGateway, unused] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
  const hub = await startHub(dataDir, [toHub.port1, unused.port1]);
  // As where the system lets one gateway listen: nobody takes the other end.
  unused.port2.close();
  const staticKeys = generateKeyPair();
  const data: GatewayThreadData = {
    gateway: 0,
    host: '127.0.0.1',
    port: 0,
    shared: false,
    staticKeys,
    agent: 'test/1',
    suites: ['XX'],
    backend: 'noble',
    hub: toGateway.port1,
    counters: newCounters(),
    events: false,
  };
  const gateway: GatewayThread = new Thread('gateway-thread', data, [toGateway.port1]);
  const listening = await gateway.next();
  assert.ok(listening.type === 'listening');
  const { host, port } = listening;
  const server = new Server({ host, port, publicKey: staticKeys.publicKey, hub, gateways: [gateway] });
  t.after(() => {
    toHub.port2.close();
    toGateway.port2.close();
  });
  return { server, dataDir, hub: toHub.port2, gateway: toGateway.port2 };
}

describe('a thread that ends on an error of its own', () => {
  test('before it says anything', async () => {
    await assert.rejects(new Thread('gateway-thread', {}, []).next(), { code: 'crashed' });
  });

  test('the hub: links are cut without CLOSE, the server stops and says so, the data is free again', async (t) => {
    const { server, dataDir, hub } = await startParts(t);
    const client = await Client.connect(server, { suite: 'XX' });
    const failed = once(server, 'failed');
    hub.postMessage([{ type: 'closed', conn: 999, reason: 'no such link' }]);
    const [error] = await failed;
    assert.equal(error.code, 'crashed');
    assert.equal((await client.closed)?.code, 'truncated');
    await server.stop();
    const next = await startServer({ dataDir, host: '127.0.0.1', port: 0, workers: 1 });
    await next.stop();
  });

  test('stopped at once, it ends in order', async (t) => {
    const { server } = await startParts(t);
    server.on('failed', (error) => assert.fail(error));
    assert.equal((await server.audit()).ok, true);
    await server.stop();
  });

  test('a gateway: the server stops and says so', async (t) => {
    const { server, gateway } = await startParts(t);
    const failed = once(server, 'failed');
    gateway.postMessage('no outputs at all, not even an array'.length);
    const [error] = await failed;
    assert.equal(error.code, 'crashed');
    await server.stop();
  });
});
