import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateKeyPair } from '../../../src/link/index.ts';
import { Client } from '../../server/support/client.ts';
import { listenBare } from '../support/bare-peer.ts';
import { LISTEN, next, openMember, openWallet, record, startProxy, startTown } from '../support/fixtures.ts';
import { ANSWER_DEADLINE_MS } from '../support/internals.ts';

const unreachable = (code: string) => ({ name: 'PeerUnreachableError', code });

describe('a chat', () => {
  test('goes both ways over one link, which only one of them could dial', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice', { takesPeers: false });
    const bob = await openMember(t, server, 'bob');
    const [toBob, toAlice] = [next(bob, 'said'), next(alice, 'said')];
    await assert.rejects(bob.say('alice', 'are you there?'), unreachable('no_peer_links'));
    await alice.say('Bob', 'good morning');
    assert.deepEqual(await toBob, { from: 'alice', text: 'good morning' });
    await bob.say('alice', 'and to you: שלום');
    assert.deepEqual(await toAlice, { from: 'bob', text: 'and to you: שלום' });
    // Payments take the same way, whoever dialled it.
    const paid = next(alice, 'paid');
    assert.equal(await (await bob.pay('alice', 5)).delivery, 'directly');
    assert.equal((await paid).transfer.amount, 5);
  });

  test('both dial at once, many lines at once, in their order', async (t) => {
    const server = await startTown(t);
    const [alice, bob] = [await openMember(t, server, 'alice'), await openMember(t, server, 'bob')];
    const [heardByAlice, heardByBob] = [record(alice, 'said'), record(bob, 'said')];
    const lines = Array.from({ length: 100 }, (_, line) => `line ${line}`);
    await Promise.all(lines.flatMap((line) => [alice.say('bob', line), bob.say('alice', line)]));
    assert.deepEqual(
      heardByBob.map(({ text }) => text),
      lines,
    );
    assert.deepEqual(
      heardByAlice.map(({ from, text }) => `${from} ${text}`),
      lines.map((line) => `bob ${line}`),
    );
  });

  test('several peers at once', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const names = ['bob', 'carol', 'dave', 'erin'];
    const others = await Promise.all(names.map((name) => openMember(t, server, name)));
    const heard = Promise.all(others.map((other) => next(other, 'said')));
    await Promise.all(names.map((name) => alice.say(name, `dear ${name}`)));
    assert.deepEqual(
      (await heard).map(({ text }) => text),
      names.map((name) => `dear ${name}`),
    );
    const answers = record(alice, 'said');
    await Promise.all(others.map((other) => other.say('alice', 'yes')));
    assert.deepEqual(answers.map(({ from }) => from).toSorted(), names);
  });

  test('goes on while the server is away', async (t) => {
    const server = await startTown(t);
    const proxy = await startProxy(t, server.port);
    const place = { port: proxy.port, key: server.key };
    const [alice, bob] = [await openMember(t, place, 'alice'), await openMember(t, place, 'bob')];
    await alice.say('bob', 'before');
    const lost = next(alice, 'lost');
    proxy.cut();
    await lost;
    const said = next(bob, 'said');
    await alice.say('bob', 'after');
    assert.equal((await said).text, 'after');
  });

  test('is dialled anew when the other comes back', async (t) => {
    const server = await startTown(t);
    const identity = generateKeyPair();
    const alice = await openMember(t, server, 'alice');
    const first = await openMember(t, server, 'bob', { identity });
    await alice.say('bob', 'one');
    await first.exit();
    await assert.rejects(alice.say('bob', 'two'), unreachable('offline'));
    const second = await openWallet(t, server, { identity });
    await second.login('bob', LISTEN);
    const said = next(second, 'said');
    await alice.say('bob', 'three');
    assert.equal((await said).text, 'three');
  });
});

describe('someone who cannot be talked to', () => {
  test('is unknown, offline, takes no links, or is not to be found; or we are nobody ourselves', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    await assert.rejects(alice.say('nobody', 'hi'), { name: 'RefusedError', symbol: 'PAYEE_UNKNOWN' });
    const bob = await openMember(t, server, 'bob', { takesPeers: false });
    await assert.rejects(alice.say('bob', 'hi'), unreachable('no_peer_links'));
    await bob.exit();
    await assert.rejects(alice.say('Bob', 'hi'), { ...unreachable('offline'), peer: 'bob' });
    const carol = await Client.connect(server);
    await carol.ask('register', { name: 'carol' });
    // Port 1 is nobody's.
    await carol.ask('login', { name: 'carol', port: 1 });
    await assert.rejects(alice.say('carol', 'hi'), unreachable('unreachable'));
    const stranger = await openWallet(t, server);
    await assert.rejects(stranger.say('carol', 'hi'), { name: 'RefusedError', symbol: 'AUTH_FAIL' });
  });

  test('is another than the server says: by the key, or by the name under the same key', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const keys = generateKeyPair();
    for (const [name, listener] of [
      ['bob', await listenBare(t, generateKeyPair(), 'bob')],
      ['carol', await listenBare(t, keys, 'dave')],
    ] as const) {
      const client = await Client.connect(server, { staticKeys: keys });
      await client.ask('register', { name });
      await client.ask('login', { name, port: listener.port });
      await assert.rejects(alice.say(name, 'secret'), unreachable('unreachable'));
    }
  });

  test('does not take what we say: too long, or nothing', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    await openMember(t, server, 'bob');
    for (const text of ['', 'x'.repeat(4_097)]) {
      await assert.rejects(alice.say('bob', text), {
        name: 'PeerRefusedError',
        peer: 'bob',
        symbol: 'BAD_REQUEST',
      });
    }
    await alice.say('bob', 'é'.repeat(2_048));
  });

  test('hears us and never says so: it is given up, and what became of it is unknown', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const keys = generateKeyPair();
    const heard = Promise.withResolvers<void>();
    const listener = await listenBare(t, keys, 'mute', (method) => {
      if (method === 'say') {
        heard.resolve();
      }
      return method === 'hello';
    });
    const mute = await Client.connect(server, { staticKeys: keys });
    await mute.ask('register', { name: 'mute' });
    await mute.ask('login', { name: 'mute', port: listener.port });
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const said = alice.say('mute', 'hello?');
    await heard.promise;
    t.mock.timers.tick(ANSWER_DEADLINE_MS);
    t.mock.timers.reset();
    await assert.rejects(said, { name: 'OutcomeUnknownError' });
    await assert.rejects(alice.say('nobody', 'hi'), { symbol: 'PAYEE_UNKNOWN' });
  });
});
