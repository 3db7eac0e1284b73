import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKeyPair } from '../../src/link/index.ts';
import type { Server } from '../../src/server/index.ts';
import { REQUESTS_BURST } from '../hub/support/internals.ts';
import { Client, codeOf } from '../server/support/client.ts';
import { next, openMember, record, startProxy, startTown } from './support/fixtures.ts';

/** More than an account may ask while it comes back. */
const ORDERS = 2_000;

/** How many orders the server has refused with 429. */
function countPutOff(server: Server): () => number {
  let putOff = 0;
  server.on('event', (event) => {
    if (event.event === 'message' && event.method === 'pay' && event.code === 429) {
      putOff += 1;
    }
  });
  return () => putOff;
}

test('orders on disk whose answers were lost: a server that is asked too much calls none of them refused', async (t) => {
  const server = await startTown(t, { log: true });
  const putOff = countPutOff(server);
  const proxy = await startProxy(t, server.port);
  const identity = generateKeyPair();
  const place = { port: proxy.port, key: server.key };
  const alice = await openMember(t, place, 'alice', { identity, takesPeers: false });
  const bob = await openMember(t, server, 'bob', { takesPeers: false });
  const paid = record(bob, 'paid');
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  t.after(() => process.off('warning', warn));

  proxy.hold();
  const answered = Promise.allSettled(Array.from({ length: ORDERS }, () => alice.pay('bob', 1)));
  while (paid.length < ORDERS) {
    await next(bob, 'paid');
  }
  const lost = next(alice, 'lost');
  proxy.cut();
  await lost;
  proxy.release();
  // She does not come back before her account has asked, from elsewhere, all that it may.
  proxy.hold();
  const elsewhere = await Client.connect(server, { staticKeys: identity });
  await elsewhere.ask('login', { name: 'alice', port: 0 });
  const lookups = Array.from({ length: 2 * REQUESTS_BURST }, () => elsewhere.ask('lookup', { name: 'bob' }));
  assert.ok((await Promise.all(lookups)).some((answer) => codeOf(answer) === 429));
  proxy.release();

  const outcomes = await answered;
  assert.deepEqual([...new Set(outcomes.map(({ status }) => status))], ['fulfilled']);
  assert.ok(putOff() > 0, 'some were put off');
  assert.deepEqual([(await alice.list()).balance, (await bob.list()).balance], [8_000, 12_000]);
  assert.equal(paid.length, ORDERS);
  assert.equal((await server.audit()).ok, true);
  assert.deepEqual(warnings, []);
});
