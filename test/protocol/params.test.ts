import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeMessages,
  encodeRequest,
  type Fields,
  isMethod,
  isPeerMethod,
  type Method,
  type PeerMethod,
  parseParams,
  parsePeerParams,
} from '../../src/protocol/index.ts';
import { METHODS, PEER_METHODS, tree } from './support/arbitraries.ts';
import { read, write } from './support/reference.ts';

const id = new Uint8Array(16).fill(9);
const pay = { to: 'bob', amount: 1250, id };

/** What a method reads: parameters, and what comes of them; or the key that is wrong. */
const READ: readonly (readonly [Method, Fields, object | string])[] = [
  ['register', { name: 'Alice' }, { name: 'alice' }],
  ['register', { name: 'alice', colour: 'red', __proto_: {} }, { name: 'alice' }],
  ['register', {}, 'name'],
  ['register', { name: null }, 'name'],
  ['register', { name: 5 }, 'name'],
  ['register', { name: '' }, 'name'],
  ['register', { name: 'issuer' }, 'name'],
  ['register', { name: 'x'.repeat(33) }, 'name'],
  ['register', { name: new Uint8Array(5) }, 'name'],
  ['register', { name: ['alice'] }, 'name'],
  ['register', { name: { toString: 'alice' } }, 'name'],
  ['login', { name: 'alice', port: 0 }, { name: 'alice', port: 0 }],
  ['login', { name: 'alice', port: 65535 }, { name: 'alice', port: 65535 }],
  ['login', { name: 'alice' }, 'port'],
  ['login', { name: 'alice', port: null }, 'port'],
  ['login', { name: 'alice', port: '6000' }, 'port'],
  ['login', { name: 'alice', port: -1 }, 'port'],
  ['login', { name: 'alice', port: 65536 }, 'port'],
  ['login', { name: 'alice', port: true }, 'port'],
  ['login', { port: 6000 }, 'name'],
  ['list', {}, {}],
  ['list', { any: 'thing' }, {}],
  ['pay', pay, { ...pay, memo: '' }],
  ['pay', { ...pay, to: 'BOB' }, { ...pay, memo: '' }],
  ['pay', { ...pay, memo: 'for lunch' }, { ...pay, memo: 'for lunch' }],
  ['pay', { ...pay, memo: '' }, { ...pay, memo: '' }],
  ['pay', { ...pay, memo: null }, { ...pay, memo: '' }],
  ['pay', { ...pay, memo: 'x'.repeat(256) }, { ...pay, memo: 'x'.repeat(256) }],
  ['pay', { ...pay, memo: 'é'.repeat(128) }, { ...pay, memo: 'é'.repeat(128) }],
  ['pay', { ...pay, memo: 'x'.repeat(257) }, 'memo'],
  ['pay', { ...pay, memo: `${'é'.repeat(128)}x` }, 'memo'],
  ['pay', { ...pay, memo: 7 }, 'memo'],
  ['pay', { ...pay, memo: new Uint8Array(3) }, 'memo'],
  ['pay', { ...pay, amount: 0 }, { ...pay, amount: 0, memo: '' }],
  ['pay', { ...pay, amount: -5 }, { ...pay, amount: -5, memo: '' }],
  ['pay', { ...pay, amount: Number.MAX_SAFE_INTEGER }, { ...pay, amount: Number.MAX_SAFE_INTEGER, memo: '' }],
  ['pay', { ...pay, amount: '10' }, 'amount'],
  ['pay', { ...pay, amount: null }, 'amount'],
  ['pay', { ...pay, amount: true }, 'amount'],
  ['pay', { ...pay, amount: 0.5 }, 'amount'],
  ['pay', { ...pay, id: new Uint8Array(15) }, 'id'],
  ['pay', { ...pay, id: new Uint8Array(17) }, 'id'],
  ['pay', { ...pay, id: new Uint8Array(0) }, 'id'],
  ['pay', { ...pay, id: 'x'.repeat(16) }, 'id'],
  ['pay', { ...pay, id: Array(16).fill(0) }, 'id'],
  ['pay', { ...pay, id: null }, 'id'],
  ['pay', { amount: 1, id }, 'to'],
  ['pay', { to: 'bob', id }, 'amount'],
  ['pay', { to: 'bob', amount: 1 }, 'id'],
  ['pay', {}, 'to'],
  ['lookup', { name: 'bob' }, { name: 'bob' }],
  ['lookup', { name: 'bob ' }, 'name'],
  ['history', {}, {}],
  ['history', { before: null, limit: null }, {}],
  ['history', { before: 1, limit: 1 }, { before: 1, limit: 1 }],
  ['history', { limit: 100 }, { limit: 100 }],
  ['history', { before: 0 }, 'before'],
  ['history', { before: -1 }, 'before'],
  ['history', { before: '5' }, 'before'],
  ['history', { limit: 0 }, 'limit'],
  ['history', { limit: 101 }, 'limit'],
  ['history', { limit: false }, 'limit'],
  ['friends', {}, {}],
  ['befriend', { name: 'bob' }, { name: 'bob' }],
  ['befriend', { name: 1 }, 'name'],
  ['unfriend', { name: 'bob' }, { name: 'bob' }],
  ['unfriend', {}, 'name'],
  ['exit', {}, {}],
];

const READ_BY_PEERS: readonly (readonly [PeerMethod, Fields, object | string])[] = [
  ['hello', { name: 'Alice' }, { name: 'alice' }],
  ['hello', { name: 'server' }, 'name'],
  ['hello', {}, 'name'],
  ['say', { text: 'x' }, { text: 'x' }],
  ['say', { text: 'x'.repeat(4096) }, { text: 'x'.repeat(4096) }],
  ['say', { text: '' }, 'text'],
  ['say', { text: 'x'.repeat(4097) }, 'text'],
  ['say', { text: '€'.repeat(1366) }, 'text'],
  ['say', { text: null }, 'text'],
  ['say', { text: ['x'] }, 'text'],
];

const expected = (outcome: object | string) =>
  typeof outcome === 'string' ? { ok: false, problem: outcome } : { ok: true, params: outcome };
const shown = (params: Fields) =>
  JSON.stringify(params, (_, value) =>
    value instanceof Uint8Array ? `bin of ${value.length}` : value,
  ).slice(0, 60);

describe('what a client asks of the server', () => {
  for (const [method, params, outcome] of READ) {
    const what = typeof outcome === 'string' ? `refused for its ${outcome}` : 'read';
    test(`${method} ${shown(params)} is ${what}`, () => {
      assert.deepEqual(parseParams(method, params), expected(outcome));
    });
  }

  for (const method of Object.keys(METHODS) as Method[]) {
    test(`${method} comes over the wire as it was sent`, () => {
      fc.assert(
        fc.property(METHODS[method].params, (params) => {
          const [message] = decodeMessages(encodeRequest(1, method, params));
          assert.ok(message?.type === 'request');
          assert.deepEqual(parseParams(method, message.params), { ok: true, params });
        }),
      );
    });

    test(`${method} reads anything without throwing`, () => {
      fc.assert(
        fc.property(tree(3), (value) => {
          const { ok } = parseParams(method, {
            name: read(write(value)).value,
            to: read(write(value)).value,
          });
          assert.equal(typeof ok, 'boolean');
        }),
        { numRuns: 20 },
      );
    });
  }

  test('parameters come out typed', () => {
    const parsed = parseParams('pay', pay);
    assert.ok(parsed.ok);
    const { to, amount, memo }: { to: string; amount: number; memo: string } = parsed.params;
    assert.deepEqual([to, amount, memo], ['bob', 1250, '']);
  });
});

describe('what clients ask of each other', () => {
  for (const [method, params, outcome] of READ_BY_PEERS) {
    const what = typeof outcome === 'string' ? `refused for its ${outcome}` : 'read';
    test(`${method} ${shown(params)} is ${what}`, () => {
      assert.deepEqual(parsePeerParams(method, params), expected(outcome));
    });
  }

  for (const method of Object.keys(PEER_METHODS) as PeerMethod[]) {
    test(`${method} comes over the wire as it was sent`, () => {
      fc.assert(
        fc.property(PEER_METHODS[method].params, (params) => {
          const [message] = decodeMessages(encodeRequest(1, method, params));
          assert.ok(message?.type === 'request');
          assert.deepEqual(parsePeerParams(method, message.params), { ok: true, params });
        }),
      );
    });
  }
});

describe('methods', () => {
  test('are those of the two tables', () => {
    assert.ok(Object.keys(METHODS).every(isMethod));
    assert.ok(Object.keys(PEER_METHODS).every(isPeerMethod));
    assert.equal(isMethod('say'), false);
    assert.equal(isPeerMethod('pay'), false);
  });

  for (const method of [
    '',
    'Pay',
    'pay ',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'x'.repeat(60_000),
  ]) {
    test(`are not ${method.slice(0, 20)}`, () => {
      assert.equal(isMethod(method), false);
      assert.equal(isPeerMethod(method), false);
    });
  }
});

describe('keys that mean something to JavaScript', () => {
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    test(`${key} in the parameters neither adds nor changes anything`, () => {
      const bytes = write({
        kind: 'array',
        items: [
          { kind: 'int', value: 0 },
          { kind: 'int', value: 1 },
          { kind: 'str', value: 'login' },
          {
            kind: 'map',
            entries: [
              [key, { kind: 'map', entries: [['port', { kind: 'int', value: 1 }]] }],
              ['name', { kind: 'str', value: 'alice' }],
            ],
          },
        ],
      });
      const [message] = decodeMessages(bytes);
      assert.ok(message?.type === 'request');
      assert.deepEqual(parseParams('login', message.params), { ok: false, problem: 'port' });
      assert.deepEqual(parseParams('lookup', message.params), { ok: true, params: { name: 'alice' } });
    });
  }

  test('a key is read from the map itself, never from a prototype', () => {
    assert.deepEqual(parseParams('lookup', Object.create({ name: 'alice' })), { ok: false, problem: 'name' });
  });
});
