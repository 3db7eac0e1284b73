import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { newOrderId } from '../../src/client/index.ts';
import type { MessageEvent } from '../../src/hub/index.ts';
import { type Server, startServer } from '../../src/server/index.ts';
import { KEY_FILE } from '../operator/support/internals.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import {
  defer,
  LOCAL,
  next,
  openMember,
  openWallet,
  record,
  startProxy,
  startTown,
  temporaryFolder,
} from './support/fixtures.ts';

/** A server, a proxy in front of it, and the place of the server behind the proxy. */
async function behindRelay(
  t: TestContext,
): Promise<{ server: Server; proxy: TcpProxy; place: { port: number; key: Uint8Array } }> {
  const server = await startTown(t, { log: true });
  const proxy = await startProxy(t, server.port);
  return { server, proxy, place: { port: proxy.port, key: server.key } };
}

/** Every pay request that the server has received. */
function countOrders(server: Server): MessageEvent[] {
  const orders: MessageEvent[] = [];
  server.on('event', (event) => {
    if (event.event === 'message' && event.direction === 'recv' && event.method === 'pay') {
      orders.push(event);
    }
  });
  return orders;
}

describe('a broken link', () => {
  test('lost, retrying, restored: logged in again under the same name and port', async (t) => {
    const { proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice');
    const steps: string[] = [];
    for (const event of ['lost', 'retrying', 'restored'] as const) {
      alice.on(event, () => steps.push(event));
    }
    const port = alice.peerPort;
    const [lost, retrying, restored] = [
      next(alice, 'lost'),
      next(alice, 'retrying'),
      next(alice, 'restored'),
    ];
    proxy.cut();
    assert.equal(((await lost) as Error & { code: string }).code, 'truncated');
    assert.equal(alice.connected, false);
    await assert.rejects(alice.list(), { name: 'NotConnectedError' });
    assert.equal((await retrying).attempt, 1);
    const view = await restored;
    assert.deepEqual(
      view?.online.map((entry) => [entry.name, entry.port]),
      [['alice', port]],
    );
    assert.deepEqual(steps, ['lost', 'retrying', 'restored']);
    assert.deepEqual([alice.connected, alice.name, alice.peerPort], [true, 'alice', port]);
    assert.equal((await alice.list()).balance, 10_000);
  });

  test('an order whose answer was lost is asked again under the same id, and is paid once', async (t) => {
    const { server, proxy, place } = await behindRelay(t);
    const orders = countOrders(server);
    const alice = await openMember(t, place, 'alice');
    const bob = await openMember(t, server, 'bob', { takesPeers: false });
    const paid = record(bob, 'paid');
    proxy.cutNextAnswer();
    const id = newOrderId();
    const { transfer, balance } = await alice.pay('bob', 500, { id, memo: 'once' });
    assert.deepEqual([transfer.id, transfer.memo, balance], [id, 'once', 9_500]);
    // What the server tells of itself comes from another thread.
    while (orders.length < 2) {
      await once(server, 'event');
    }
    assert.deepEqual((await alice.history({ limit: 100 })).length, 2);
    assert.equal((await bob.list()).balance, 10_500);
    assert.deepEqual(paid, [{ transfer, directly: false }]);
    assert.equal(orders.length, 2);
    assert.equal((await server.audit()).ok, true);
  });

  test('an order that is given while the link is lost waits for it', async (t) => {
    const { server, proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice');
    await openMember(t, server, 'bob', { takesPeers: false });
    const lost = next(alice, 'lost');
    proxy.cut();
    await lost;
    const orders = [alice.pay('bob', 1), alice.pay('bob', 2)];
    const balances = (await Promise.all(orders)).map(({ balance }) => balance);
    assert.deepEqual(balances.toSorted(), [9_997, 9_999]);
  });

  test('what only reads is not asked again: its outcome is unknown', async (t) => {
    const { proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice');
    proxy.cutNextAnswer();
    await assert.rejects(alice.list(), { name: 'OutcomeUnknownError', id: undefined });
    await next(alice, 'restored');
    proxy.cutNextAnswer();
    await assert.rejects(alice.befriend('bob'), { name: 'OutcomeUnknownError' });
  });

  test('a wallet that was not logged in comes back as it was', async (t) => {
    const { proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice');
    const nobody = await openWallet(t, place);
    await assert.rejects(nobody.exit(), { name: 'RefusedError', code: 220 });
    const restored = Promise.all([next(alice, 'restored'), next(nobody, 'restored')]);
    proxy.cut();
    const [view, none] = await restored;
    assert.deepEqual([view?.name, none], ['alice', undefined]);
    await nobody.register('nobody');
  });

  test('without reconnection: pay rejects with the id, and the wallet closes', async (t) => {
    const { server, proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice', { reconnect: false });
    await openMember(t, server, 'bob', { takesPeers: false });
    const [lost, closed] = [record(alice, 'lost'), next(alice, 'close')];
    const id = newOrderId();
    proxy.cutNextAnswer();
    await assert.rejects(alice.pay('bob', 7, { id }), { name: 'OutcomeUnknownError', id });
    assert.equal(((await closed) as Error & { code: string }).code, 'truncated');
    assert.deepEqual([lost, alice.peerPort], [[], undefined]);
    await assert.rejects(alice.pay('bob', 7, { id }), { name: 'NotConnectedError' });
  });
});

describe('giving up on a broken link', () => {
  test('close while it is lost: waiting orders end, what was never sent as not connected', async (t) => {
    const { server, proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice');
    await openMember(t, server, 'bob', { takesPeers: false });
    const id = newOrderId();
    const lost = next(alice, 'lost');
    proxy.cutNextAnswer();
    const sent = assert.rejects(alice.pay('bob', 7, { id }), { name: 'OutcomeUnknownError', id });
    await lost;
    const unsent = assert.rejects(alice.pay('bob', 7), { name: 'NotConnectedError' });
    const closes = record(alice, 'close');
    await alice.close();
    await Promise.all([sent, unsent]);
    assert.deepEqual(closes, [undefined]);
  });

  test('exit while it is lost: not connected, and closed all the same', async (t) => {
    const { proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice');
    const lost = next(alice, 'lost');
    const closes = record(alice, 'close');
    proxy.cut();
    await lost;
    await assert.rejects(alice.exit(), { name: 'NotConnectedError' });
    assert.deepEqual(closes, [undefined]);
  });

  test('exit whose answer is lost: unknown, and it does not come back', async (t) => {
    const { proxy, place } = await behindRelay(t);
    const alice = await openMember(t, place, 'alice');
    const lost = record(alice, 'lost');
    const closes = record(alice, 'close');
    proxy.cutNextAnswer();
    await assert.rejects(alice.exit(), { name: 'OutcomeUnknownError' });
    assert.deepEqual([lost, closes], [[], [undefined]]);
  });

  test('another server in its place: a hard stop, and an open order is unknown', async (t) => {
    const { server, proxy, place } = await behindRelay(t);
    const other = await startTown(t);
    const alice = await openMember(t, place, 'alice');
    await openMember(t, server, 'bob', { takesPeers: false });
    const closed = next(alice, 'close');
    const id = newOrderId();
    proxy.target = other.port;
    proxy.cutNextAnswer();
    await assert.rejects(alice.pay('bob', 7, { id }), { name: 'OutcomeUnknownError', id });
    const error = await closed;
    assert.equal(error?.name, 'WrongServerKeyError');
    assert.deepEqual((error as Error & { seen: Uint8Array }).seen, other.key);
    await assert.rejects(alice.list(), { name: 'NotConnectedError' });
  });
});

describe('a server that is stopped and started again', () => {
  test('on the same port and data: everybody comes back and goes on', async (t) => {
    const dataDir = temporaryFolder(t);
    const first = await startTown(t, { dataDir });
    const { port } = first;
    const alice = await openMember(t, first, 'alice');
    const bob = await openMember(t, first, 'bob');
    await alice.pay('bob', 100);
    const restored = [next(alice, 'restored'), next(bob, 'restored')];
    const lost = next(alice, 'lost');
    await first.stop();
    assert.equal((await lost).name, 'NotConnectedError');
    const waiting: Promise<unknown> = alice.pay('bob', 50).catch((error: Error) => error);
    const second = await startServer({ dataDir, host: LOCAL, port, workers: 1 });
    defer(t, () => second.stop());
    const views = await Promise.all(restored);
    assert.deepEqual(
      views.map((view) => view?.name),
      ['alice', 'bob'],
    );
    // Bob may come back after Alice has asked again: then he is not online, and that is an answer.
    const outcome = await waiting;
    if (outcome instanceof Error) {
      assert.match(outcome.message, /Payee is not online/);
    }
    const { transfer } = await alice.pay('bob', 25);
    assert.equal(transfer.amount, 25);
    assert.equal((await second.audit()).ok, true);
  });

  test('with other books, in which nobody has that name: the wallet closes with what the server said', async (t) => {
    const [folder, otherFolder] = [temporaryFolder(t), temporaryFolder(t)];
    const first = await startTown(t, { dataDir: folder });
    const proxy = await startProxy(t, first.port);
    const alice = await openMember(t, { port: proxy.port, key: first.key }, 'alice');
    copyFileSync(join(folder, KEY_FILE), join(otherFolder, KEY_FILE));
    const second = await startTown(t, { dataDir: otherFolder, newBooks: true });
    proxy.target = second.port;
    const closed = next(alice, 'close');
    proxy.cut();
    const error = await closed;
    assert.deepEqual([error?.name, (error as Error & { code: number }).code], ['RefusedError', 220]);
  });
});
