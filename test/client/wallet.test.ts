import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fetchServerKey, newOrderId, Wallet } from '../../src/client/index.ts';
import { chooseBackend, generateKeyPair } from '../../src/link/index.ts';
import { LISTEN, LOCAL, next, openMember, openWallet, record, startTown } from './support/fixtures.ts';

const refused = (code: number, symbol: string) => ({ name: 'RefusedError', code, symbol });

describe('a wallet and a server', () => {
  test('register, login, list, lookup', async (t) => {
    const server = await startTown(t);
    const alice = await openWallet(t, server);
    assert.deepEqual([alice.name, alice.currency, alice.peerPort], [undefined, undefined, undefined]);
    assert.equal(await alice.register('Alice'), undefined);
    const view = await alice.login('ALICE', LISTEN);
    assert.deepEqual([view.name, view.balance], ['alice', 10_000]);
    assert.deepEqual([alice.name, alice.currency], ['alice', { name: 'dollars', scale: 2 }]);
    assert.deepEqual([alice.connected, alice.suite, alice.serverKey], [true, 'XXhfs', server.key]);
    assert.equal(alice.backend, chooseBackend().description);
    assert.match(alice.serverAgent, /^farthing-server\//);
    await openMember(t, server, 'bob', { takesPeers: false, suite: 'XX' });
    const { online } = await alice.list();
    assert.deepEqual(
      online.map(({ name, host, port }) => [name, host, port]),
      [
        ['alice', LOCAL, alice.peerPort],
        ['bob', null, null],
      ],
    );
    const found = await alice.lookup('BOB');
    assert.deepEqual([found.name, found.online], ['bob', true]);
  });

  test('pay and history: minor units, memo, newest first, pages', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice', { takesPeers: false });
    const bob = await openMember(t, server, 'bob', { takesPeers: false });
    const told = next(bob, 'paid');
    const { transfer, balance, delivery } = await alice.pay('Bob', 1250, { memo: 'for lunch' });
    assert.equal(balance, 8_750);
    const { from, to, amount, memo } = transfer;
    assert.deepEqual([from, to, amount, memo], ['alice', 'bob', 1250, 'for lunch']);
    assert.equal(await delivery, 'through the server');
    assert.deepEqual(await told, { transfer, directly: false });
    const second = (await alice.pay('bob', 1)).transfer;
    assert.deepEqual((await alice.history({ limit: 2 })).slice(), [second, transfer]);
    assert.deepEqual((await alice.history({ before: second.seq, limit: 1 })).slice(), [transfer]);
    assert.equal((await alice.history()).length, 3);
  });

  test('the same order under the same id is paid once', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    await openMember(t, server, 'bob');
    const id = newOrderId();
    const first = await alice.pay('bob', 5, { id });
    const again = await alice.pay('bob', 5, { id });
    assert.deepEqual(again.transfer, first.transfer);
    assert.equal(again.balance, 9_995);
    await assert.rejects(alice.pay('bob', 6, { id }), refused(314, 'ID_REUSED'));
  });

  test('friends: asked, accepted, seen coming and going, and no more', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const bob = await openMember(t, server, 'bob');
    const asked = next(bob, 'friend');
    assert.equal(await alice.befriend('bob'), 'asked');
    assert.deepEqual(await asked, { name: 'alice', state: 'asking' });
    const accepted = next(alice, 'friend');
    assert.equal(await bob.befriend('alice'), 'friend');
    assert.deepEqual(await accepted, { name: 'bob', state: 'friend' });
    assert.deepEqual(await alice.friends(), [{ name: 'bob', online: true, state: 'friend' }]);
    const gone = next(alice, 'presence');
    await bob.exit();
    assert.deepEqual(await gone, { name: 'bob', online: false });
    await alice.unfriend('bob');
    assert.deepEqual(await alice.friends(), []);
  });

  test('a thousand payments at once, all answered', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice', { takesPeers: false });
    await openMember(t, server, 'bob', { takesPeers: false });
    const payments = await Promise.all(Array.from({ length: 1_000 }, () => alice.pay('bob', 1)));
    assert.equal(new Set(payments.map(({ transfer }) => transfer.seq)).size, 1_000);
    assert.equal((await alice.list()).balance, 9_000);
    assert.equal((await server.audit()).ok, true);
  });
});

describe('what the server refuses', () => {
  test('with its code, its symbol and its words, and the link lives on', async (t) => {
    const server = await startTown(t);
    const alice = await openWallet(t, server);
    await assert.rejects(alice.list(), refused(220, 'AUTH_FAIL'));
    await assert.rejects(alice.login('alice'), refused(220, 'AUTH_FAIL'));
    await assert.rejects(alice.exit(), refused(220, 'AUTH_FAIL'));
    await alice.register('alice');
    await assert.rejects(alice.register('alice'), { ...refused(210, 'NAME_TAKEN'), message: '210 FAIL' });
    await assert.rejects(alice.register('not a name'), refused(400, 'BAD_REQUEST'));
    await alice.login('alice');
    await assert.rejects(alice.login('alice'), refused(230, 'WRONG_STATE'));
    await assert.rejects(alice.register('other'), refused(230, 'WRONG_STATE'));
    await assert.rejects(alice.lookup('nobody'), refused(310, 'PAYEE_UNKNOWN'));
    await assert.rejects(alice.befriend('nobody'), refused(310, 'PAYEE_UNKNOWN'));
    await assert.rejects(alice.unfriend('nobody'), refused(310, 'PAYEE_UNKNOWN'));
    await assert.rejects(alice.history({ limit: 101 }), refused(400, 'BAD_REQUEST'));
    assert.equal((await alice.list()).balance, 10_000);
  });

  test('every refusal of pay', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const bob = await openMember(t, server, 'bob');
    await assert.rejects(alice.pay('nobody', 1), refused(310, 'PAYEE_UNKNOWN'));
    await assert.rejects(alice.pay('bob', 10_001), refused(312, 'INSUFFICIENT_FUNDS'));
    await assert.rejects(alice.pay('bob', 0), refused(313, 'BAD_AMOUNT'));
    await assert.rejects(alice.pay('bob', -1), refused(313, 'BAD_AMOUNT'));
    await assert.rejects(alice.pay('alice', 1), refused(315, 'PAYEE_SELF'));
    await assert.rejects(alice.pay('bob', 1, { memo: 'm'.repeat(257) }), refused(400, 'BAD_REQUEST'));
    await assert.rejects(alice.pay('bob', 1, { id: new Uint8Array(15) }), refused(400, 'BAD_REQUEST'));
    await assert.rejects(alice.pay('bob', 1.5), TypeError);
    await bob.exit();
    await assert.rejects(alice.pay('bob', 1), refused(311, 'PAYEE_OFFLINE'));
    assert.equal((await alice.list()).balance, 10_000);
  });

  test("another key's name", async (t) => {
    const server = await startTown(t);
    await openMember(t, server, 'alice');
    const mallory = await openWallet(t, server);
    await assert.rejects(mallory.login('alice', LISTEN), refused(220, 'AUTH_FAIL'));
    assert.deepEqual([mallory.name, mallory.peerPort], [undefined, undefined]);
  });
});

describe('connecting', () => {
  test('the key of an unknown server, and a wallet that requires it', async (t) => {
    const server = await startTown(t, { log: true });
    const key = await fetchServerKey(LOCAL, server.port);
    assert.deepEqual(key, server.key);
    assert.deepEqual(await fetchServerKey(LOCAL, server.port, { suite: 'XX' }), server.key);
    await openMember(t, { port: server.port, key }, 'alice');
  });

  test('a server with another key: a hard stop that tells both keys', async (t) => {
    const server = await startTown(t);
    const expected = generateKeyPair().publicKey;
    const identity = generateKeyPair();
    const connecting = Wallet.connect({ host: LOCAL, port: server.port, serverKey: expected, identity });
    await assert.rejects(connecting, { name: 'WrongServerKeyError', expected, seen: server.key });
  });

  test('nobody there, a suite that is not accepted, an attempt given up', async (t) => {
    const server = await startTown(t, { requirePq: true });
    const options = { host: LOCAL, serverKey: server.key, identity: generateKeyPair() };
    await assert.rejects(Wallet.connect({ ...options, port: server.port, suite: 'XX' }), {
      name: 'LinkError',
      code: 'refused_suite',
    });
    const signal = AbortSignal.abort();
    await assert.rejects(Wallet.connect({ ...options, port: server.port, signal }), { code: 'aborted' });
    await assert.rejects(fetchServerKey(LOCAL, server.port, { signal }), { code: 'aborted' });
    await server.stop();
    await assert.rejects(Wallet.connect({ ...options, port: server.port }), { code: 'unreachable' });
    await assert.rejects(fetchServerKey(LOCAL, server.port), { code: 'unreachable' });
  });

  for (const backend of ['noble', 'native'] as const) {
    for (const suite of ['XX', 'XXhfs'] as const) {
      test(`${suite} on the ${backend} backend`, async (t) => {
        const server = await startTown(t);
        const alice = await openMember(t, server, 'alice', { suite, backend: chooseBackend(backend) });
        assert.deepEqual([alice.suite, alice.backend], [suite, chooseBackend(backend).description]);
      });
    }
  }

  test('a port for peers that is taken', async (t) => {
    const server = await startTown(t);
    const alice = await openWallet(t, server);
    await alice.register('alice');
    const listen = { host: LOCAL, port: server.port };
    await assert.rejects(alice.login('alice', { listen }), { name: 'PeerPortError', port: server.port });
    assert.equal((await alice.login('alice', LISTEN)).name, 'alice');
  });
});

describe('leaving', () => {
  test('exit: Bye!, then nothing more', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice');
    const closes = record(alice, 'close');
    const lost = record(alice, 'lost');
    assert.equal(await alice.exit(), 'Bye!');
    assert.deepEqual([closes, lost, alice.connected, alice.peerPort], [[undefined], [], false, undefined]);
    const gone = { name: 'NotConnectedError' };
    await assert.rejects(alice.list(), gone);
    await assert.rejects(alice.pay('bob', 1), gone);
    await assert.rejects(alice.say('bob', 'hello'), gone);
    await assert.rejects(alice.exit(), gone);
    await alice.close();
    assert.deepEqual(closes, [undefined]);
  });

  test('close, more than once', async (t) => {
    const server = await startTown(t);
    const alice = await openMember(t, server, 'alice', { takesPeers: false });
    await openMember(t, server, 'bob', { takesPeers: false });
    const closes = record(alice, 'close');
    await Promise.all([alice.close(), alice.close()]);
    await alice.close();
    assert.deepEqual(closes, [undefined]);
  });

  test('kicked: by a login elsewhere, and it does not come back', async (t) => {
    const server = await startTown(t);
    const identity = generateKeyPair();
    const first = await openMember(t, server, 'alice', { identity });
    const lost = record(first, 'lost');
    const [kicked, closed] = [next(first, 'kicked'), next(first, 'close')];
    const second = await openWallet(t, server, { identity });
    await second.login('alice');
    assert.equal(typeof (await kicked), 'string');
    assert.equal(await closed, undefined);
    assert.deepEqual(lost, []);
    await assert.rejects(first.list(), { name: 'NotConnectedError' });
    assert.equal((await second.list()).name, 'alice');
  });
});
