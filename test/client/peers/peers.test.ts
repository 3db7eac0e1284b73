import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import type { Wallet } from '../../../src/client/index.ts';
import { generateKeyPair } from '../../../src/link/index.ts';
import type { Server } from '../../../src/server/index.ts';
import { Client } from '../../server/support/client.ts';
import { BarePeer, listenBare } from '../support/bare-peer.ts';
import { defer, LOCAL, next, openMember, record, startProxy, startTown } from '../support/fixtures.ts';
import { MAX_LINKS_PER_PEER, MAX_UNVERIFIED_LINKS } from '../support/internals.ts';

/** Somebody who is logged in, with a peer port that is whatever they say it is. */
async function someoneAt(
  server: Server,
  name: string,
  port: number,
  staticKeys = generateKeyPair(),
): Promise<Client> {
  const client = await Client.connect(server, { staticKeys });
  await client.ask('register', { name });
  await client.ask('login', { name, port });
  return client;
}

/** Bob, a wallet with peer links, and Mallory, registered, with a bare peer link to Bob. */
async function bobAndMallory(
  t: TestContext,
): Promise<{ server: Server; bob: Wallet; mallory: BarePeer; client: Client }> {
  const server = await startTown(t);
  const bob = await openMember(t, server, 'bob');
  const client = await Client.member(server, 'mallory');
  const mallory = await BarePeer.dial(t, bob.peerPort, client.keys);
  return { server, bob, mallory, client };
}

const forged = (from: string, seq: number) => ({
  seq,
  id: new Uint8Array(16),
  from,
  to: 'bob',
  amount: 1_000_000,
  memo: 'trust me',
  at: 1,
});

describe('payments over a direct link', () => {
  test('the server is first: said once, as direct', async (t) => {
    const server = await startTown(t);
    const [alice, bob] = [await openMember(t, server, 'alice'), await openMember(t, server, 'bob')];
    const first = next(bob, 'paid');
    assert.equal(await (await alice.pay('bob', 1)).delivery, 'directly');
    await first;
    const paid = next(bob, 'paid');
    const { transfer, delivery } = await alice.pay('bob', 1250, { memo: 'lunch' });
    assert.equal(await delivery, 'directly');
    assert.deepEqual(await paid, { transfer, directly: true });
  });

  test('the payer is first: unconfirmed, and paid only when the server has said so', async (t) => {
    const server = await startTown(t);
    const proxy = await startProxy(t, server.port);
    const alice = await openMember(t, server, 'alice');
    const bob = await openMember(t, { port: proxy.port, key: server.key }, 'bob');
    await alice.say('bob', 'I am about to pay you');
    const paid = record(bob, 'paid');
    const unconfirmed = next(bob, 'unconfirmed');
    proxy.hold();
    const { transfer } = await alice.pay('bob', 5);
    assert.deepEqual(await unconfirmed, { transfer });
    assert.deepEqual(paid, []);
    const confirmed = next(bob, 'paid');
    proxy.release();
    assert.deepEqual(await confirmed, { transfer, directly: true });
    assert.equal(paid.length, 1);
  });

  test('a payee who takes no peer links is told by the server, at once', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const bob = await openMember(t, server, 'bob', { takesPeers: false });
    const paid = next(bob, 'paid');
    const { transfer, delivery } = await alice.pay('bob', 5);
    assert.deepEqual(await paid, { transfer, directly: false });
    assert.equal(await delivery, 'through the server');
  });

  test('a payer who tells nothing: through the server, after the grace', async (t) => {
    const { bob, client } = await bobAndMallory(t);
    const paid = next(bob, 'paid');
    await client.ask('pay', { to: 'bob', amount: 5, id: new Uint8Array(16) });
    assert.equal((await paid).directly, false);
  });

  test('a payee who is another at that address is told by the server, and not dialled for each payment', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const elsewhere = await listenBare(t, generateKeyPair(), 'bob');
    await someoneAt(server, 'bob', elsewhere.port);
    for (let times = 0; times < 3; times++) {
      assert.equal(await (await alice.pay('bob', 5)).delivery, 'through the server');
    }
    while (elsewhere.came.length === 0) {
      await new Promise(setImmediate);
    }
    assert.deepEqual(elsewhere.came, ['failed']);
    // What a person asks for is tried all the same.
    await assert.rejects(alice.say('bob', 'is it you?'), { name: 'PeerUnreachableError' });
    while (elsewhere.came.length === 1) {
      await new Promise(setImmediate);
    }
  });

  test('a payer who leaves does not wait for a payee who does not answer', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const silent = createServer().listen(0, LOCAL);
    defer(t, () => silent.close());
    await once(silent, 'listening');
    await someoneAt(server, 'bob', (silent.address() as AddressInfo).port);
    const dialled = once(silent, 'connection') as Promise<[Socket]>;
    const { delivery } = await alice.pay('bob', 5);
    const [socket] = await dialled;
    socket.resume().on('error', () => {});
    assert.equal(await alice.exit(), 'Bye!');
    assert.equal(await delivery, 'through the server');
  });

  test('many payments at once share one link', async (t) => {
    const server = await startTown(t);
    const [alice, bob] = [await openMember(t, server, 'alice'), await openMember(t, server, 'bob')];
    const paid = record(bob, 'paid');
    await alice.say('bob', 'a hundred for you');
    const payments = await Promise.all(Array.from({ length: 100 }, () => alice.pay('bob', 1)));
    const deliveries = await Promise.all(payments.map(({ delivery }) => delivery));
    assert.ok(deliveries.every((delivery) => delivery === 'directly'));
    while (paid.length < 100) {
      await next(bob, 'paid');
    }
    assert.equal(new Set(paid.map(({ transfer }) => transfer.seq)).size, 100);
    assert.ok(paid.every(({ directly }) => directly));
    const keys = generateKeyPair();
    const carol = await listenBare(t, keys, 'carol');
    await someoneAt(server, 'carol', carol.port, keys);
    await Promise.all(Array.from({ length: 20 }, async () => (await alice.pay('carol', 1)).delivery));
    assert.deepEqual(carol.came, ['link']);
  });

  test('what a payer made up is never paid', async (t) => {
    const { server, bob, mallory, client } = await bobAndMallory(t);
    const [paid, unconfirmed] = [record(bob, 'paid'), record(bob, 'unconfirmed')];
    mallory.tell(forged('mallory', 1));
    assert.equal(await mallory.ask('hello', { name: 'mallory' }), 100);
    assert.equal(unconfirmed.length, 0, 'a stranger is not heard');
    mallory.tell(forged('alice', 70));
    mallory.tell({ ...forged('mallory', 71), to: 'alice' });
    mallory.tell(forged('mallory', 3));
    mallory.tell(forged('mallory', 1_000));
    assert.equal(await mallory.ask('say', { text: 'done' }), 100);
    assert.deepEqual(
      unconfirmed.map(({ transfer }) => [transfer.from, transfer.seq]),
      [
        ['mallory', 3],
        ['mallory', 1_000],
      ],
    );
    // The real transfer gets the seq that Mallory has spoken for, and is shown as the server has it.
    await client.ask('pay', { to: 'bob', amount: 5, id: new Uint8Array(16) });
    const alice = await openMember(t, server, 'alice');
    await alice.say('bob', 'this one is real');
    await alice.pay('bob', 6);
    while (paid.length < 2) {
      await next(bob, 'paid');
    }
    assert.deepEqual(
      paid.map(({ transfer, directly }) => [transfer.from, transfer.seq, transfer.amount, directly]),
      [
        ['mallory', 3, 5, false],
        ['alice', 5, 6, true],
      ],
    );
  });
});

describe('who is at the other end', () => {
  test("hello under another's name is refused, and the link closes", async (t) => {
    const { server, bob, mallory } = await bobAndMallory(t);
    await openMember(t, server, 'alice');
    const said = record(bob, 'said');
    assert.equal(await mallory.ask('hello', { name: 'alice' }), 220);
    assert.equal(await mallory.closed, undefined);
    assert.deepEqual(said, []);
  });

  test('hello under no name at all', async (t) => {
    const { bob, mallory, client } = await bobAndMallory(t);
    for (const name of ['issuer', '', 'x'.repeat(33), 5, null]) {
      assert.equal(await mallory.ask('hello', { name }), 400);
    }
    assert.equal(await mallory.ask('hello', {}), 400);
    assert.equal(await mallory.ask('hello', { name: 'nobody' }), 220);
    const again = await BarePeer.dial(t, bob.peerPort, client.keys);
    assert.equal(await again.ask('hello', { name: 'mallory' }), 100);
  });

  test('before hello nothing is heard; after it, malformed words are refused and the link lives on', async (t) => {
    const { bob, mallory } = await bobAndMallory(t);
    const said = record(bob, 'said');
    assert.equal(await mallory.ask('say', { text: 'hello' }), 220);
    assert.equal(await mallory.ask('pay', {}), 400);
    assert.equal(await mallory.ask('hello', { name: 'Mallory' }), 100);
    assert.equal(await mallory.ask('hello', { name: 'mallory' }), 100);
    for (const text of ['', 'x'.repeat(4_097), 5, null]) {
      assert.equal(await mallory.ask('say', { text }), 400);
    }
    assert.equal(await mallory.ask('shout', { text: 'hello' }), 400);
    assert.equal(await mallory.ask('say', { text: 'x'.repeat(4_096) }), 100);
    assert.deepEqual(said, [{ from: 'mallory', text: 'x'.repeat(4_096) }]);
    assert.equal(await mallory.ask('hello', { name: 'bob' }), 220);
    assert.equal(await mallory.closed, undefined);
  });

  test('a hello that comes together with the first words', async (t) => {
    const { bob, mallory } = await bobAndMallory(t);
    const said = next(bob, 'said');
    const answers = [mallory.ask('hello', { name: 'mallory' }), mallory.ask('say', { text: 'hi' })];
    assert.deepEqual(await Promise.all(answers), [100, 100]);
    assert.deepEqual(await said, { from: 'mallory', text: 'hi' });
  });

  test('without the server nobody can be checked: refused', async (t) => {
    const server = await startTown(t);
    const proxy = await startProxy(t, server.port);
    const bob = await openMember(t, { port: proxy.port, key: server.key }, 'bob');
    const mallory = await Client.member(server, 'mallory');
    const peer = await BarePeer.dial(t, bob.peerPort, mallory.keys);
    const lost = next(bob, 'lost');
    proxy.cut();
    await lost;
    assert.equal(await peer.ask('hello', { name: 'mallory' }), 220);
  });

  test('strangers are few, and one who breaks the protocol is cut off', async (t) => {
    const { bob, mallory } = await bobAndMallory(t);
    const strangers = [mallory];
    while (strangers.length < MAX_UNVERIFIED_LINKS) {
      strangers.push(await BarePeer.dial(t, bob.peerPort, generateKeyPair()));
    }
    assert.equal(await strangers.at(-1)?.ask('say', { text: 'x' }), 220);
    await assert.rejects(BarePeer.dial(t, bob.peerPort, generateKeyPair()), { code: 'refused_busy' });
    assert.equal(await mallory.ask('hello', { name: 'mallory' }), 100);
    mallory.link.send(Uint8Array.of(0xc1));
    assert.equal((await mallory.closed)?.code, 'truncated');
    const late = await BarePeer.dial(t, bob.peerPort, generateKeyPair());
    assert.equal(await late.ask('say', { text: 'x' }), 220);
  });

  test('one peer has few links: the oldest is closed', async (t) => {
    const { bob, mallory, client } = await bobAndMallory(t);
    assert.equal(await mallory.ask('hello', { name: 'mallory' }), 100);
    for (let more = 0; more < MAX_LINKS_PER_PEER; more++) {
      const link = await BarePeer.dial(t, bob.peerPort, client.keys);
      assert.equal(await link.ask('hello', { name: 'mallory' }), 100);
    }
    assert.equal(await mallory.closed, undefined);
  });
});
