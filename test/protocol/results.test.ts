import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeMessages,
  encodeNotification,
  encodeResult,
  type Fields,
  MAX_HISTORY,
  type Method,
  type Notifications,
  OK,
  type PeerMethod,
  ProtocolError,
  type ProtocolErrorCode,
  parseNotification,
  parsePeerNotification,
  parsePeerResult,
  parseResult,
} from '../../src/protocol/index.ts';
import { METHODS, NOTIFICATIONS, PEER_METHODS, tree } from './support/arbitraries.ts';
import { read, write } from './support/reference.ts';

const refusal = (code: ProtocolErrorCode) => (error: unknown) =>
  error instanceof ProtocolError && error.code === code;

const key = new Uint8Array(32).fill(3);
const transfer = {
  seq: 7,
  id: new Uint8Array(16).fill(9),
  from: 'alice',
  to: 'bob',
  amount: 1250,
  memo: '',
  at: 1,
};
const bob = { name: 'bob', host: '192.0.2.7', port: 6001, key };
const view = { ...OK, name: 'alice', balance: 5, currency: { name: 'dollars', scale: 2 }, online: [bob] };
const paid = { ...OK, transfer, balance: 5, payee: bob };

/** Parts of results that a server may not send: where they go, and each that is wrong. */
const not = {
  name: ['', 'Bob', 'b b', 'x'.repeat(33), '\u001b[2J', 5, null, undefined],
  host: ['', 'a b', 'a\nb', '\u001b]0;x', 'x'.repeat(256), 'é.example', 5, new Uint8Array(4)],
  port: [0, 65536, -1, '6001', null, undefined],
  key: [new Uint8Array(31), new Uint8Array(33), 'x'.repeat(32), null, undefined],
  integer: [-1, '5', null, undefined, true],
  text: [5, null, undefined, new Uint8Array(2), 'x'.repeat(4097)],
  bool: [0, 1, 'true', null, undefined],
  state: ['', 'foe', 'Friend', 0, null, undefined, 'constructor'],
  code: [0, 101, '100', null, undefined],
};

const REFUSED: readonly (readonly [Method, string, readonly unknown[], (bad: unknown) => unknown])[] = [
  ['register', 'code', not.code, (bad) => ({ ...OK, code: bad })],
  ['register', 'text', not.text, (bad) => ({ ...OK, text: bad })],
  ['login', 'name', not.name, (bad) => ({ ...view, name: bad })],
  ['login', 'balance', not.integer, (bad) => ({ ...view, balance: bad })],
  ['login', 'currency', [null, undefined, 'dollars', []], (bad) => ({ ...view, currency: bad })],
  [
    'login',
    'currency.name',
    ['', 'x'.repeat(33), 5, null],
    (bad) => ({ ...view, currency: { name: bad, scale: 2 } }),
  ],
  [
    'login',
    'currency.scale',
    [-1, 16, '2', null],
    (bad) => ({ ...view, currency: { name: 'dollars', scale: bad } }),
  ],
  ['login', 'online', [null, undefined, {}, 'bob', [null], [bob, {}]], (bad) => ({ ...view, online: bad })],
  ['login', 'a name online', not.name, (bad) => ({ ...view, online: [{ ...bob, name: bad }] })],
  ['list', 'a host online', not.host, (bad) => ({ ...view, online: [{ ...bob, host: bad }] })],
  ['list', 'a host without a port', not.port, (bad) => ({ ...view, online: [{ ...bob, port: bad }] })],
  [
    'list',
    'a port without a host',
    [null, undefined],
    (bad) => ({ ...view, online: [{ ...bob, host: bad }] }),
  ],
  ['list', 'a key online', not.key, (bad) => ({ ...view, online: [{ ...bob, key: bad }] })],
  ['pay', 'code', not.code, (bad) => ({ ...paid, code: bad })],
  ['pay', 'balance', not.integer, (bad) => ({ ...paid, balance: bad })],
  ['pay', 'payee', [5, [], {}, 'bob', new Uint8Array(2)], (bad) => ({ ...paid, payee: bad })],
  ['pay', 'transfer', [null, undefined, [], {}], (bad) => ({ ...paid, transfer: bad })],
  ['pay', 'seq', [0, ...not.integer], (bad) => ({ ...paid, transfer: { ...transfer, seq: bad } })],
  ['pay', 'id', not.key, (bad) => ({ ...paid, transfer: { ...transfer, id: bad } })],
  ['pay', 'from', not.name, (bad) => ({ ...paid, transfer: { ...transfer, from: bad } })],
  ['pay', 'to', not.name, (bad) => ({ ...paid, transfer: { ...transfer, to: bad } })],
  ['pay', 'amount', [0, ...not.integer], (bad) => ({ ...paid, transfer: { ...transfer, amount: bad } })],
  ['pay', 'memo', [5, 'x'.repeat(257), []], (bad) => ({ ...paid, transfer: { ...transfer, memo: bad } })],
  ['pay', 'at', not.integer, (bad) => ({ ...paid, transfer: { ...transfer, at: bad } })],
  ['lookup', 'name', not.name, (bad) => ({ ...bob, online: true, name: bad })],
  ['lookup', 'key', not.key, (bad) => ({ name: 'bob', online: false, key: bad })],
  ['lookup', 'online', not.bool, (bad) => ({ ...bob, online: bad })],
  ['lookup', 'host', not.host, (bad) => ({ ...bob, online: true, host: bad })],
  ['history', 'transfers', [null, undefined, {}, [null], [transfer, 5]], (bad) => ({ transfers: bad })],
  ['friends', 'friends', [null, undefined, {}, ['bob']], (bad) => ({ friends: bad })],
  ['friends', 'a name', not.name, (bad) => ({ friends: [{ name: bad, online: true, state: 'friend' }] })],
  ['friends', 'online', not.bool, (bad) => ({ friends: [{ name: 'bob', online: bad, state: 'friend' }] })],
  ['friends', 'a state', not.state, (bad) => ({ friends: [{ name: 'bob', online: true, state: bad }] })],
  ['befriend', 'state', not.state, (bad) => ({ state: bad })],
  ['exit', 'text', not.text, (bad) => ({ text: bad })],
];

describe('what the server answers', () => {
  for (const method of Object.keys(METHODS) as Method[]) {
    test(`${method} comes over the wire as it was sent, less what is not known`, () => {
      fc.assert(
        fc.property(METHODS[method].result, (result) => {
          const [message] = decodeMessages(encodeResult(1, { ...result, more: [1] }));
          assert.ok(message?.type === 'response' && message.result !== null);
          assert.deepEqual(parseResult(method, message.result), result);
        }),
      );
    });

    test(`${method} throws nothing but a ProtocolError for anything else`, () => {
      fc.assert(
        fc.property(tree(3), METHODS[method].result, fc.nat(), (value, result, which) => {
          const names = Object.keys(result);
          const bad = { ...result, [names[which % names.length] ?? 'text']: read(write(value)).value };
          try {
            parseResult(method, bad);
          } catch (error) {
            assert.ok(error instanceof ProtocolError && error.code === 'bad_result', String(error));
          }
        }),
        { numRuns: 50 },
      );
    });
  }

  for (const [method, part, values, result] of REFUSED) {
    test(`${method} is refused for its ${part}`, () => {
      for (const bad of values) {
        assert.throws(() => parseResult(method, result(bad) as Fields), refusal('bad_result'), String(bad));
      }
    });
  }

  test('someone who takes no peer links has neither host nor port, nil or absent', () => {
    const nowhere = { name: 'bob', host: null, port: null, key };
    assert.deepEqual(parseResult('lookup', { ...nowhere, online: true }), { ...nowhere, online: true });
    assert.deepEqual(parseResult('lookup', { name: 'bob', key, online: true }), { ...nowhere, online: true });
  });

  test('where someone who is offline would be is not believed', () => {
    assert.deepEqual(parseResult('lookup', { ...bob, online: false }), { name: 'bob', key, online: false });
  });

  test('a payee gone offline is nil or absent', () => {
    assert.equal(parseResult('pay', { ...paid, payee: null }).payee, null);
    assert.equal(parseResult('pay', { ...OK, transfer, balance: 5 }).payee, null);
  });

  test('a memo that is nil or absent is none', () => {
    const { memo: _, ...bare } = transfer;
    assert.deepEqual(parseResult('history', { transfers: [bare, { ...bare, memo: null }] }).transfers, [
      transfer,
      transfer,
    ]);
  });

  test('the issuer pays', () => {
    assert.equal(
      parseResult('history', { transfers: [{ ...transfer, from: 'issuer' }] }).transfers[0]?.from,
      'issuer',
    );
  });

  test('the longest history fits one message', () => {
    const longest = {
      seq: Number.MAX_SAFE_INTEGER,
      id: new Uint8Array(16),
      from: 'x'.repeat(32),
      to: 'y'.repeat(32),
      amount: Number.MAX_SAFE_INTEGER,
      memo: 'z'.repeat(256),
      at: Number.MAX_SAFE_INTEGER,
    };
    const [message] = decodeMessages(
      encodeResult(0xffff_ffff, { transfers: Array(MAX_HISTORY).fill(longest) }),
    );
    assert.ok(message?.type === 'response' && message.result !== null);
    assert.equal(parseResult('history', message.result).transfers.length, MAX_HISTORY);
  });
});

describe('what another client answers', () => {
  for (const method of Object.keys(PEER_METHODS) as PeerMethod[]) {
    test(`${method} comes over the wire as it was sent`, () => {
      fc.assert(
        fc.property(PEER_METHODS[method].result, (result) => {
          assert.deepEqual(parsePeerResult(method, { ...result, more: 1 }), result);
        }),
      );
    });
  }

  test('hello without a proper name is refused', () => {
    for (const bad of not.name) {
      assert.throws(() => parsePeerResult('hello', { name: bad }), refusal('bad_result'));
    }
  });
});

describe('what is told', () => {
  for (const method of Object.keys(NOTIFICATIONS) as (keyof Notifications)[]) {
    test(`${method} comes over the wire as it was sent`, () => {
      fc.assert(
        fc.property(NOTIFICATIONS[method], (params) => {
          const [message] = decodeMessages(encodeNotification(method, { ...params, more: true }));
          assert.ok(message?.type === 'notification');
          assert.deepEqual(parseNotification(message.method, message.params), { method, params });
        }),
      );
    });
  }

  const BENT: readonly (readonly [keyof Notifications, Fields])[] = [
    ['paid', {}],
    ['paid', { transfer: null }],
    ['paid', { transfer: { ...transfer, amount: -1 } }],
    ['friend', { name: 'bob' }],
    ['friend', { name: 'bob', state: 'foe' }],
    ['friend', { name: 'B', state: 'friend' }],
    ['presence', { name: 'bob', online: 1 }],
    ['presence', { online: true }],
    ['kicked', {}],
    ['kicked', { text: 5 }],
    ['notice', { text: 'x'.repeat(4097) }],
  ];
  for (const [method, params] of BENT) {
    test(`${method} with ${Object.keys(params).join(' and ') || 'nothing'} bent is refused`, () => {
      assert.throws(() => parseNotification(method, params), refusal('bad_params'));
    });
  }

  test('what is not known is ignored', () => {
    for (const method of ['', 'PAID', 'hello', '__proto__', 'constructor', 'toString']) {
      assert.equal(parseNotification(method, {}), undefined);
      assert.equal(parsePeerNotification(method, {}), undefined);
    }
  });

  test('between clients, paid alone', () => {
    assert.deepEqual(parsePeerNotification('paid', { transfer }), { method: 'paid', params: { transfer } });
    assert.throws(() => parsePeerNotification('paid', { transfer: {} }), refusal('bad_params'));
    assert.equal(parsePeerNotification('kicked', { text: 'out' }), undefined);
  });
});
