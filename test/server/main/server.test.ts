import assert from 'node:assert/strict';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ServerError, type ServerErrorCode } from '../../../src/operator/index.ts';
import type { ServerOptions } from '../../../src/server/index.ts';
import { orderId, temporaryFolder } from '../../hub/support/town.ts';
import { KEY_FILE } from '../../operator/support/internals.ts';
import { Client, codeOf, resultOf } from '../support/client.ts';
import { startFor } from '../support/real-server.ts';

function refusal(code: ServerErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof ServerError && error.code === code;
}

describe('a server with two gateways', () => {
  test('register, login, list, pay, lookup, history, friends, exit', async (t) => {
    const server = await startFor(t);
    const alice = await Client.member(server, 'alice');
    const bob = await Client.member(server, 'bob');

    const again = await bob.ask('register', { name: 'Alice' });
    assert.equal(codeOf(again), 230);

    const view = resultOf(await alice.ask('list'));
    assert.equal(view['balance'], 10_000);
    assert.deepEqual(
      (view['online'] as { name: string }[]).map(({ name }) => name),
      ['alice', 'bob'],
    );

    const paid = resultOf(await alice.ask('pay', { to: 'BOB', amount: 1250, id: orderId(1), memo: 'lunch' }));
    assert.equal(paid['balance'], 8_750);
    const told = await bob.heard('paid');
    assert.deepEqual(told['transfer'], paid['transfer']);

    const found = resultOf(await bob.ask('lookup', { name: 'alice' }));
    assert.deepEqual(found['key'], alice.keys.publicKey);
    assert.deepEqual([found['online'], found['host'], found['port']], [true, null, null]);

    const history = resultOf(await bob.ask('history', { limit: 1 }));
    assert.deepEqual(history['transfers'], [paid['transfer']]);

    assert.equal(resultOf(await alice.ask('befriend', { name: 'bob' }))['state'], 'asked');
    assert.deepEqual(await bob.heard('friend'), { name: 'alice', state: 'asking' });
    assert.equal(resultOf(await bob.ask('befriend', { name: 'alice' }))['state'], 'friend');

    assert.equal(resultOf(await alice.ask('exit'))['text'], 'Bye!');
    assert.equal(await alice.closed, undefined);
    assert.deepEqual(await bob.heard('presence'), { name: 'alice', online: false });
    const { ok, accounts, transfers, circulation } = await server.audit();
    assert.deepEqual([ok, accounts, transfers, circulation], [true, 2, 3, 20_000]);
  });

  test('both suites, the address with the key, and events that are numbered without gaps', async (t) => {
    const server = await startFor(t, { log: true });
    const numbers: number[] = [];
    server.on('event', (event) => {
      if (event.event === 'message') {
        numbers.push(event.n);
      }
    });
    await Client.member(server, 'alice', { suite: 'XX' });
    await Client.member(server, 'bob', { suite: 'XXhfs' });
    await server.stop();
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    const key = Buffer.from(server.key).toString('hex');
    assert.equal(server.address, `farthing://127.0.0.1:${server.port}#${key}`);
  });

  test('requirePq: the suite without ML-KEM is refused', async (t) => {
    const server = await startFor(t, { requirePq: true, workers: 1 });
    await assert.rejects(Client.connect(server, { suite: 'XX' }), { code: 'refused_suite' });
    await Client.member(server, 'alice', { suite: 'XXhfs' });
  });

  test('a second login elsewhere: kicked, then CLOSE', async (t) => {
    const server = await startFor(t);
    const first = await Client.member(server, 'alice');
    const second = await Client.connect(server, { staticKeys: first.keys });
    assert.equal(codeOf(await second.ask('login', { name: 'alice', port: 0 })), 100);
    await first.heard('kicked');
    assert.equal(await first.closed, undefined);
    assert.equal(codeOf(await second.ask('list')), 100);
  });

  test('two people race to spend one balance in pipelines: what is answered is what happened', async (t) => {
    const server = await startFor(t);
    const alice = await Client.member(server, 'alice');
    const bob = await Client.member(server, 'bob');
    // A key may be logged in once, so the race is between two who pay each other with the same money.
    const pay = (payer: Client, to: string, id: number) =>
      payer.ask('pay', { to, amount: 4_000, id: orderId(id) }).then(codeOf);
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, id) => [pay(alice, 'bob', id), pay(bob, 'alice', id)]).flat(),
    );
    const done = codes.filter((code) => code === 100).length;
    assert.ok(codes.every((code) => code === 100 || code === 312));
    const [own, other] = await Promise.all([alice.ask('list'), bob.ask('list')]);
    const balances = [resultOf(own)['balance'], resultOf(other)['balance']].map(Number);
    assert.equal((balances[0] ?? 0) + (balances[1] ?? 0), 20_000);
    assert.ok(balances.every((balance) => balance >= 0));
    const report = await server.audit();
    assert.deepEqual([report.ok, report.transfers], [true, done + 2]);
  });

  test('one account on two links races for its balance: it is spent once', async (t) => {
    const server = await startFor(t);
    const first = await Client.member(server, 'alice');
    await Client.member(server, 'bob');
    const second = await Client.connect(server, { staticKeys: first.keys });
    // 0: the link ended before the answer.
    const orders = (client: Client, from: number) =>
      Array.from({ length: 150 }, (_, id) =>
        client.ask('pay', { to: 'bob', amount: 100, id: orderId(from + id) }).then(codeOf, () => 0),
      );
    const racing = [
      ...orders(first, 0),
      second.ask('login', { name: 'alice', port: 0 }).then(() => 0),
      ...orders(second, 500),
    ];
    const codes = await Promise.all(racing);
    const done = codes.filter((code) => code === 100).length;
    const { balance } = resultOf(await second.ask('list')) as { balance: number };
    assert.ok(balance >= 0);
    const report = await server.audit();
    assert.equal(report.ok, true);
    // Answered is done; an order whose answer was cut off may be done as well.
    assert.ok(done <= (10_000 - balance) / 100);
    assert.equal((10_000 - balance) / 100, report.transfers - 2);
  });

  test('a long conversation across a rekey', async (t) => {
    const server = await startFor(t, { workers: 1 });
    const alice = await Client.member(server, 'alice');
    for (let round = 0; round < 1_100; round++) {
      assert.equal(codeOf(await alice.ask('lookup', { name: 'alice' })), 100);
    }
  });
});

describe('stopping', () => {
  test('what was taken is answered and on disk, and every link ends with CLOSE', async (t) => {
    const dataDir = temporaryFolder(t);
    const server = await startFor(t, { dataDir });
    const alice = await Client.member(server, 'alice');
    const bob = await Client.member(server, 'bob');
    const answers = Array.from({ length: 500 }, (_, id) =>
      alice.ask('pay', { to: 'bob', amount: 1, id: orderId(id) }).then(codeOf, () => 0),
    );
    await answers[0];
    await server.stop();
    const codes = await Promise.all(answers);
    assert.equal(await alice.closed, undefined);
    assert.equal(await bob.closed, undefined);
    const answered = codes.filter((code) => code === 100).length;
    assert.ok(answered > 0);

    const next = await startFor(t, { dataDir });
    assert.deepEqual(next.key, server.key);
    const back = await Client.connect(next, { staticKeys: alice.keys });
    const view = resultOf(await back.ask('login', { name: 'alice', port: 0 }));
    assert.equal(view['balance'], 10_000 - answered);
  });

  test('twice is once, and an audit afterwards is refused', async (t) => {
    const server = await startFor(t);
    await Promise.all([server.stop(), server.stop()]);
    await assert.rejects(server.audit(), refusal('stopped'));
    await assert.rejects(Client.connect(server), { code: 'unreachable' });
  });
});

describe('what cannot start', () => {
  test('a second server on the same data', async (t) => {
    const dataDir = temporaryFolder(t);
    const server = await startFor(t, { dataDir, workers: 1 });
    await assert.rejects(startFor(t, { dataDir, workers: 1 }), refusal('data_locked'));
    await server.stop();
    await startFor(t, { dataDir, workers: 1 });
  });

  test('on a port in use, with one gateway or with several, and it lets go of its data', async (t) => {
    const server = await startFor(t);
    const dataDir = temporaryFolder(t);
    const port = server.port;
    await assert.rejects(startFor(t, { dataDir, port, workers: 1 }), refusal('port_in_use'));
    await assert.rejects(startFor(t, { dataDir, port, workers: 2 }), refusal('port_in_use'));
    assert.equal(codeOf(await (await Client.connect(server)).ask('list')), 220);
  });

  test('on a port that a stranger has', async (t) => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    t.after(() => stranger.close());
    const address = stranger.address();
    assert.ok(address !== null && typeof address === 'object');
    await assert.rejects(startFor(t, { port: address.port }), refusal('port_in_use'));
  });

  test('on an address that is not this machine', async (t) => {
    await assert.rejects(startFor(t, { host: '192.0.2.1' }), refusal('bad_address'));
  });

  test('with options that make no sense', async (t) => {
    const rows: Partial<ServerOptions>[] = [
      { port: -1 },
      { port: 65_536 },
      { port: 1.5 },
      { workers: 0 },
      { workers: 1_000 },
      { grant: -1 },
      { grant: 0.5 },
      { scale: 99 },
      { currency: '' },
      { currency: 'x'.repeat(33) },
      { currency: '€'.repeat(11) },
    ];
    for (const options of rows) {
      await assert.rejects(startFor(t, options), refusal('bad_option'), JSON.stringify(options));
    }
  });

  test('without the key that its members know', async (t) => {
    const dataDir = temporaryFolder(t);
    const server = await startFor(t, { dataDir, workers: 1 });
    await Client.member(server, 'alice');
    await server.stop();
    const path = join(dataDir, KEY_FILE);
    renameSync(path, `${path}.away`);
    await assert.rejects(startFor(t, { dataDir }), refusal('bad_key_file'));
    renameSync(`${path}.away`, path);
    const again = await startFor(t, { dataDir, workers: 1 });
    assert.deepEqual(again.key, server.key);
  });

  test('with another currency than that of the books', async (t) => {
    const dataDir = temporaryFolder(t);
    const server = await startFor(t, { dataDir, workers: 1 });
    await server.stop();
    await assert.rejects(startFor(t, { dataDir, currency: 'shells' }), refusal('data_other_currency'));
  });
});

describe('strangers', () => {
  test('garbage, half-open and silent connections disturb nobody', async (t) => {
    const server = await startFor(t, { log: true });
    const alice = await Client.member(server, 'alice');
    const refused: string[] = [];
    const unopened = new Promise<void>((resolve) => {
      server.on('event', (event) => {
        if (event.event === 'unopened' && refused.push(event.reason) === 4) {
          resolve();
        }
      });
    });
    const say = (bytes: Uint8Array | string) => {
      const socket = connectSocket(server.port, '127.0.0.1', () => socket.write(bytes));
      socket.on('error', () => {});
      t.after(() => socket.destroy());
      return socket;
    };
    say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    say(Buffer.from('16030100c8010000c4', 'hex'));
    say(Buffer.from('FRTH\x01\x02\x02', 'latin1'));
    const cut = say(Buffer.from('FRTH\x01\x02\x01\x04\xc0half', 'latin1'));
    say(Buffer.from('FRT', 'latin1'));
    say('');
    await once(cut, 'connect');
    cut.end();
    await unopened;
    assert.deepEqual(refused.sort(), ['bad_prelude', 'bad_prelude', 'refused_purpose', 'truncated']);
    assert.equal(codeOf(await alice.ask('list')), 100);
  });
});
