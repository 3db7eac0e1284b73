// A hostile server: its answers are well formed, and answer something else than what was asked. The wallet
// believes none of them, and ends: what became of the request is unknown.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Wallet } from '../../src/client/index.ts';
import { encodeNotification, encodeResult, OK, type Transfer } from '../../src/protocol/index.ts';
import { afterLogin, startFake, VIEW } from '../client/support/fake-server.ts';
import { LOCAL, next, openWallet, record, startProxy } from '../client/support/fixtures.ts';

const KEY = new Uint8Array(32).fill(7);
const ID = new Uint8Array(16).fill(9);
const BOB = { name: 'bob', host: null, port: null, key: KEY };
const TRANSFER: Transfer = { seq: 5, id: ID, from: 'alice', to: 'bob', amount: 1250, memo: 'lunch', at: 1 };
const PAID = { ...OK, transfer: TRANSFER, balance: 1, payee: BOB };

/** Alice, logged in at a server that answers everything else with `result`. */
async function aliceToldBy(t: Parameters<typeof startFake>[0], result: object): Promise<Wallet> {
  const server = await startFake(
    t,
    afterLogin((message, link) => {
      if (message.type === 'request') {
        link.send(encodeResult(message.id, result));
      }
    }),
  );
  const wallet = await openWallet(t, server);
  await wallet.login('alice');
  return wallet;
}

const payLunch = (wallet: Wallet) => wallet.pay('Bob', 1250, { id: ID, memo: 'lunch' });

/** The wallet ends over the answer, asks nobody again, and the outcome is unknown. */
async function isNotBelieved(wallet: Wallet, asked: Promise<unknown>): Promise<void> {
  const lost = record(wallet, 'lost');
  const closed = next(wallet, 'close');
  await assert.rejects(asked, { name: 'OutcomeUnknownError' });
  const end = (await closed) as Error & { code: string };
  assert.equal(end.code, 'bad_message');
  assert.equal((end.cause as { code: string }).code, 'wrong_answer');
  assert.deepEqual(lost, []);
}

describe("a hostile server's answer to pay", () => {
  test('the truth is believed', async (t) => {
    const { transfer, balance } = await payLunch(await aliceToldBy(t, PAID));
    assert.deepEqual([transfer.amount, transfer.to, balance], [1250, 'bob', 1]);
  });

  const lies: Record<string, object> = {
    'another order': { ...PAID, transfer: { ...TRANSFER, id: KEY.subarray(16) } },
    'another amount': { ...PAID, transfer: { ...TRANSFER, amount: 125_000 } },
    'another payee': { ...PAID, transfer: { ...TRANSFER, to: 'mallory' }, payee: null },
    'another payer': { ...PAID, transfer: { ...TRANSFER, from: 'carol' } },
    'another memo': { ...PAID, transfer: { ...TRANSFER, memo: 'dinner' } },
    'no memo': { ...PAID, transfer: { ...TRANSFER, memo: null } },
    'another person to be told of it': { ...PAID, payee: { ...BOB, name: 'mallory' } },
  };
  for (const [what, lie] of Object.entries(lies)) {
    test(`${what}: not believed, and the outcome of the order is unknown`, async (t) => {
      const wallet = await aliceToldBy(t, lie);
      const asked = payLunch(wallet);
      await Promise.all([
        isNotBelieved(wallet, asked),
        assert.rejects(asked, (error: { id?: Uint8Array }) => Buffer.from(ID).equals(error.id ?? KEY)),
      ]);
    });
  }
});

describe("a hostile server's answer to other questions", () => {
  const history = (...transfers: Partial<Transfer>[]) => ({
    transfers: transfers.map((over) => ({ ...TRANSFER, ...over })),
  });
  const lies: [what: string, ask: (wallet: Wallet) => Promise<unknown>, lie: object][] = [
    [
      'lookup: another person',
      (wallet) => wallet.lookup('Bob'),
      { name: 'mallory', key: KEY, online: false },
    ],
    [
      'say: another person',
      (wallet) => wallet.say('bob', 'hi'),
      { name: 'mallory', key: KEY, online: false },
    ],
    ['list: the account of another', (wallet) => wallet.list(), { ...VIEW, name: 'bob' }],
    [
      'list: another currency than at login',
      (wallet) => wallet.list(),
      { ...VIEW, currency: { name: 'dollars', scale: 0 } },
    ],
    ['befriend: the other way round', (wallet) => wallet.befriend('bob'), { state: 'asking' }],
    ['history: of others', (wallet) => wallet.history(), history({ from: 'carol' })],
    ['history: more than asked for', (wallet) => wallet.history({ limit: 1 }), history({}, { seq: 4 })],
    ['history: later than asked for', (wallet) => wallet.history({ before: 5 }), history({})],
    ['history: the same twice', (wallet) => wallet.history(), history({}, {})],
    ['history: oldest first', (wallet) => wallet.history(), history({}, { seq: 6 })],
  ];
  for (const [what, ask, lie] of lies) {
    test(what, async (t) => {
      const wallet = await aliceToldBy(t, lie);
      await isNotBelieved(wallet, ask(wallet));
    });
  }

  test('login: another account', async (t) => {
    const server = await startFake(t, (message, link) => {
      if (message.type === 'request') {
        link.send(encodeResult(message.id, { ...VIEW, name: 'mallory' }));
      }
    });
    const wallet = await openWallet(t, server);
    await isNotBelieved(wallet, wallet.login('alice'));
  });

  test('login after a break: another currency, so that what is typed as 10.00 would be 1000', async (t) => {
    let logins = 0;
    const server = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      logins += 1;
      const currency = { name: 'dollars', scale: logins === 1 ? 2 : 0 };
      link.send(encodeResult(message.id, { ...VIEW, currency }));
    });
    const proxy = await startProxy(t, server.port);
    const wallet = await openWallet(t, { port: proxy.port, key: server.key });
    await wallet.login('alice');
    const closed = next(wallet, 'close');
    proxy.cut();
    assert.equal((await closed)?.name, 'OutcomeUnknownError');
    assert.equal(logins, 2);
  });
});

test('a payment to somebody else that a hostile server tells us of is nobody’s money here', async (t) => {
  const server = await startFake(
    t,
    afterLogin((message, link) => {
      if (message.type !== 'request') {
        return;
      }
      for (const over of [{ to: 'mallory' }, { from: 'alice', to: 'bob' }]) {
        link.send(encodeNotification('paid', { transfer: { ...TRANSFER, from: 'bob', ...over } }));
      }
      link.send(encodeResult(message.id, VIEW));
    }),
  );
  const wallet = await openWallet(t, server);
  const told = [record(wallet, 'paid'), record(wallet, 'unconfirmed')];
  await wallet.login('alice', { listen: { host: LOCAL, port: 0 } });
  await wallet.list();
  assert.deepEqual(told, [[], []]);
});
