import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Wallet } from '../../src/client/index.ts';
import { generateKeyPair, type Link } from '../../src/link/index.ts';
import {
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type Message,
  OK,
  ProtocolError,
} from '../../src/protocol/index.ts';
import { afterLogin, startFake, VIEW } from './support/fake-server.ts';
import { LOCAL, next, openWallet, record, startProxy } from './support/fixtures.ts';

const KEY = new Uint8Array(32);
const TRANSFER = { seq: 1, id: KEY.subarray(16), from: 'bob', to: 'alice', amount: 1, memo: '', at: 1 };

const badResults: Record<string, (wallet: Wallet) => [Promise<unknown>, object]> = {
  register: (wallet) => [wallet.register('alice'), { code: 101, text: '' }],
  login: (wallet) => [wallet.login('alice'), { ...VIEW, balance: -1 }],
  list: (wallet) => [
    wallet.list(),
    { ...VIEW, online: [{ name: 'x\u001b[2J', host: null, port: null, key: KEY }] },
  ],
  pay: (wallet) => [wallet.pay('bob', 1), { ...OK, transfer: { ...TRANSFER, amount: 0 }, balance: 1 }],
  lookup: (wallet) => [wallet.lookup('bob'), { name: 'bob', key: KEY.subarray(1), online: false }],
  history: (wallet) => [wallet.history(), { transfers: [{}] }],
  friends: (wallet) => [wallet.friends(), { friends: [{ name: 'bob', online: true, state: 'enemy' }] }],
  befriend: (wallet) => [wallet.befriend('bob'), {}],
  exit: (wallet) => [wallet.exit(), { text: 1 }],
};

describe('a server that breaks the protocol ends the wallet, and is not dialled again', () => {
  for (const [method, ask] of Object.entries(badResults)) {
    test(`a bad result of ${method}`, async (t) => {
      let result: object = {};
      const server = await startFake(t, (message, link) => {
        if (message.type === 'request') {
          link.send(encodeResult(message.id, result));
        }
      });
      const wallet = await openWallet(t, server);
      const lost = record(wallet, 'lost');
      const closed = next(wallet, 'close');
      const [asked, bad] = ask(wallet);
      result = bad;
      await assert.rejects(asked, (error: Error) => {
        assert.equal(error.name, 'OutcomeUnknownError');
        return (error.cause as Error).cause instanceof ProtocolError || method === 'pay';
      });
      const end = await closed;
      if (method !== 'exit') {
        assert.equal((end as Error & { code: string }).code, 'bad_message');
      }
      assert.deepEqual(lost, []);
    });
  }

  const breaches: Record<string, Uint8Array> = {
    'a bad notification': encodeNotification('paid', { transfer: { ...TRANSFER, from: 'B' } }),
    'an answer to nothing': encodeResult(4_000, {}),
    'no message': Uint8Array.of(1),
  };
  for (const [what, bytes] of Object.entries(breaches)) {
    test(what, async (t) => {
      const server = await startFake(t, (_message, link) => void link.send(bytes));
      const wallet = await openWallet(t, server);
      const closed = next(wallet, 'close');
      await assert.rejects(wallet.list(), { name: 'OutcomeUnknownError' });
      const error = (await closed) as Error & { code: string };
      assert.equal(error.code, 'bad_message');
      assert.ok(error.cause instanceof ProtocolError);
    });
  }

  test('a handshake payload that is none', async (t) => {
    const { port, key } = await startFake(t, () => {}, { payload: Uint8Array.of(0xc0) });
    const identity = generateKeyPair();
    await assert.rejects(Wallet.connect({ host: LOCAL, port, serverKey: key, identity }), {
      name: 'LinkError',
      code: 'bad_message',
    });
  });
});

describe('what a server may do', () => {
  test('ask: it is told that a client is asked nothing; tell what is unknown: it is ignored', async (t) => {
    const answered = Promise.withResolvers<Message>();
    const server = await startFake(t, (message, link) => {
      if (message.type === 'response') {
        answered.resolve(message);
      }
      if (message.type !== 'request') {
        return;
      }
      link.send(encodeNotification('weather', { rain: true }));
      link.send(encodeRequest(9, 'list', {}));
      link.send(encodeResult(message.id, VIEW));
    });
    const wallet = await openWallet(t, server);
    assert.equal((await wallet.login('alice')).name, 'alice');
    const answer = await answered.promise;
    assert.deepEqual(answer.type === 'response' && [answer.id, answer.error?.code], [9, 400]);
  });

  test('tell of a payment right behind the answer to login', async (t) => {
    const server = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      link.send(encodeResult(message.id, VIEW));
      link.send(encodeNotification('paid', { transfer: TRANSFER }));
      link.send(encodeNotification('paid', { transfer: { ...TRANSFER, seq: 2, to: 'carol' } }));
      link.send(encodeNotification('notice', { text: 'tea at five' }));
    });
    const wallet = await openWallet(t, server);
    const paid = record(wallet, 'paid');
    const notice = next(wallet, 'notice');
    await wallet.login('Alice');
    assert.equal(await notice, 'tea at five');
    assert.deepEqual(paid, [{ transfer: { ...TRANSFER, id: new Uint8Array(16) }, directly: false }]);
  });

  test('a payment that still waits for its payer is said before the wallet closes', async (t) => {
    const server = await startFake(
      t,
      afterLogin((message, link) => {
        if (message.type !== 'request') {
          return;
        }
        link.send(encodeNotification('paid', { transfer: TRANSFER }));
        link.send(encodeResult(message.id, VIEW));
      }),
    );
    const wallet = await openWallet(t, server);
    const said: string[] = [];
    wallet.on('paid', ({ directly }) => said.push(`paid ${directly}`));
    wallet.on('close', () => said.push('close'));
    await wallet.login('alice', { listen: { host: LOCAL, port: 0 } });
    await wallet.list();
    await wallet.close();
    assert.deepEqual(said, ['paid false', 'close']);
  });

  test('refuse under an error of its own', async (t) => {
    const server = await startFake(t, (message, link) => {
      if (message.type === 'request') {
        link.send(encodeError(message.id, { code: 999, name: 'TEAPOT', text: 'short and stout' }));
      }
    });
    const wallet = await openWallet(t, server);
    const error = { name: 'RefusedError', code: 999, symbol: 'TEAPOT', message: 'short and stout' };
    await assert.rejects(wallet.pay('bob', 1), error);
  });

  test('be too busy to log us in again: it is tried once more', async (t) => {
    let logins = 0;
    const server = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      logins += 1;
      link.send(logins === 2 ? encodeError(message.id, 'INTERNAL') : encodeResult(message.id, VIEW));
    });
    const proxy = await startProxy(t, server.port);
    const wallet = await openWallet(t, { port: proxy.port, key: server.key });
    await wallet.login('alice');
    const attempts = record(wallet, 'retrying');
    const restored = next(wallet, 'restored');
    proxy.cut();
    assert.equal((await restored)?.name, 'alice');
    assert.deepEqual(
      attempts.map(({ attempt }) => attempt),
      [1, 2],
    );
    assert.equal(logins, 3);
  });

  test('send us away while we log in again: the wallet closes', async (t) => {
    let logins = 0;
    const server = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      logins += 1;
      link.send(
        logins === 1
          ? encodeResult(message.id, VIEW)
          : encodeNotification('kicked', { text: 'logged in elsewhere' }),
      );
    });
    const proxy = await startProxy(t, server.port);
    const wallet = await openWallet(t, { port: proxy.port, key: server.key });
    await wallet.login('alice');
    const [kicked, closed] = [next(wallet, 'kicked'), next(wallet, 'close')];
    proxy.cut();
    assert.equal(await kicked, 'logged in elsewhere');
    assert.equal(await closed, undefined);
  });

  test('close in order without an answer: the order is asked again', async (t) => {
    let orders = 0;
    const server = await startFake(
      t,
      afterLogin((message, link) => {
        if (message.type !== 'request') {
          return;
        }
        orders += 1;
        if (orders === 1) {
          void link.close();
        } else {
          const { to, amount, id, memo } = message.params;
          const transfer = { seq: 1, id, from: 'alice', to, amount, memo, at: 1 };
          link.send(encodeResult(message.id, { ...OK, transfer, balance: 4, payee: null }));
        }
      }),
    );
    const wallet = await openWallet(t, server);
    await wallet.login('alice');
    assert.equal((await wallet.pay('bob', 1)).balance, 4);
    assert.equal(orders, 2);
  });

  test('break the link again and again: the attempts go on', async (t) => {
    const links = new Set<Link>();
    const server = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      const known = links.size;
      links.add(link);
      if (known === 1 || known === 2) {
        link.destroy();
      } else {
        link.send(encodeResult(message.id, VIEW));
      }
    });
    const proxy = await startProxy(t, server.port);
    const wallet = await openWallet(t, { port: proxy.port, key: server.key });
    await wallet.login('alice');
    const restored = once(wallet, 'restored');
    const attempts = record(wallet, 'retrying');
    proxy.cut();
    await restored;
    assert.equal(attempts.length, 3);
    assert.ok(attempts.every(({ delayMs }, at) => delayMs > (attempts[at - 1]?.delayMs ?? 0) / 2));
  });
});
