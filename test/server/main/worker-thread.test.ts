import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { ServerEvent } from '../../hub/support/internals.ts';
import type { ServerError } from '../../operator/support/internals.ts';
import { Client, resultOf } from '../support/client.ts';
import type { CommonData, Server, ToHubThread } from '../support/internals.ts';
import { Gateways, MAX_RESTARTS, startServer, Thread } from '../support/internals.ts';
import { gatewayData, NO_OUTPUTS, type Parts, startParts } from '../support/parts.ts';

const XX = { suite: 'XX' } as const;

async function warning(server: Server): Promise<string> {
  for (;;) {
    const [event] = (await once(server, 'event')) as [ServerEvent];
    if (event.event === 'warning') {
      return event.text;
    }
  }
}

async function namesOnline(client: Client): Promise<string[]> {
  return (resultOf(await client.ask('list'))['online'] as { name: string }[]).map(({ name }) => name);
}

/** Members, as many as it takes until there is one on each gateway. */
async function membersOnBoth({ server, onFirst }: Parts): Promise<{ first: Client[]; second: Client[] }> {
  const first: Client[] = [];
  const second: Client[] = [];
  while (first.length === 0 || second.length === 0) {
    const before = onFirst();
    const member = await Client.member(server, `member${first.length + second.length}`, XX);
    (onFirst() > before ? first : second).push(member);
  }
  return { first, second };
}

describe('a thread that ends on an error of its own', () => {
  test('before it says anything', async () => {
    const nothing = {} as CommonData & { gateway: number; shared: boolean; hub: MessagePort };
    await assert.rejects(new Thread('gateway-thread', nothing, []).next(), { code: 'crashed' });
  });

  test('the hub: links are cut without CLOSE, the server stops and says so, the data is free again', async (t) => {
    const { server, dataDir, hub } = await startParts(t);
    const client = await Client.connect(server, XX);
    const failed = once(server, 'failed');
    hub.postMessage([{ type: 'closed', conn: 999, reason: 'no such link' }]);
    const [error] = await failed;
    assert.equal(error.code, 'crashed');
    assert.equal((await client.closed)?.code, 'truncated');
    await server.stop();
    const next = await startServer({ dataDir, host: '127.0.0.1', port: 0, workers: 1, newBooks: true });
    await next.stop();
  });

  test('stopped at once, it ends in order', async (t) => {
    const { server } = await startParts(t);
    server.on('failed', (error) => assert.fail(error));
    assert.equal((await server.audit()).ok, true);
    await server.stop();
  });

  test('a gateway: its links end, it is started again, and the others go on', async (t) => {
    const parts = await startParts(t);
    const { server } = parts;
    server.on('failed', (error) => assert.fail(error));
    const { first, second } = await membersOnBoth(parts);
    const [witness] = second;
    assert.ok(witness !== undefined);
    const warned = warning(server);
    parts.gateway.postMessage(NO_OUTPUTS);
    assert.match(await warned, /gateway-thread.*started again/);
    for (const lost of first) {
      assert.equal((await lost.closed)?.code, 'truncated');
    }
    let online = await namesOnline(witness);
    while (online.length > second.length) {
      online = await namesOnline(witness);
    }
    // Whichever gateway they come to, they see the same people.
    for (let number = 0; number < 6; number++) {
      const newcomer = await Client.member(server, `newcomer${number}`, XX);
      assert.deepEqual(await namesOnline(newcomer), await namesOnline(witness));
    }
    assert.equal((await server.audit()).ok, true);
  });

  test('a gateway, too often: the server is told to stop', async (t) => {
    let toGateway: MessagePort | undefined;
    const hub = {
      post: (message: ToHubThread) => {
        if (message.type === 'renew') {
          toGateway = message.port;
        }
      },
    };
    const gateways = new Gateways(gatewayData(1), hub);
    t.after(() => gateways.terminate());
    const { port1, port2 } = new MessageChannel();
    toGateway = port1;
    await gateways.start([{ port1, port2 }]);
    let next = Promise.withResolvers<'restarted' | ServerError>();
    const warnings: string[] = [];
    gateways.listen({
      reading: () => {},
      warning: (text) => warnings.push(text),
      restarted: () => next.resolve('restarted'),
      failed: (error) => next.resolve(error),
    });
    for (let restart = 0; restart < MAX_RESTARTS; restart++) {
      toGateway.postMessage(NO_OUTPUTS);
      assert.equal(await next.promise, 'restarted');
      next = Promise.withResolvers();
    }
    toGateway.postMessage(NO_OUTPUTS);
    const end = await next.promise;
    assert.ok(end !== 'restarted' && end.code === 'crashed');
    assert.equal(warnings.length, MAX_RESTARTS);
  });
});
