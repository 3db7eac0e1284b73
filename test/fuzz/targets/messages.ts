/**
 * MessagePack to begin with and to put in: every form of the subset and its neighbours, every key and every
 * message.
 */
import {
  encodeAgent,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type Methods,
  type Notifications,
  type PeerMethods,
} from '../../../src/protocol/index.ts';
import { pack } from '../../protocol/support/internals.ts';

/**
 * Values in every form, the longest integers of each, forms that are too long, and what is not of the subset.
 */
export const FORMS: readonly Uint8Array[] = [
  ...['00', '7f', 'c0', 'c2', 'c3', '80', '90', 'a0', 'c400', 'ff', 'e0', 'cc80', 'ccff', 'cd0100', 'cdffff'],
  ...['ce00010000', 'ceffffffff', 'cf0000000100000000', 'cf001fffffffffffff', 'cf0020000000000000'],
  ...[
    'd080',
    'd0df',
    'd18000',
    'd1ff7f',
    'd280000000',
    'd2ffff7fff',
    'd3ffffffff7fffffff',
    'd3ffe0000000000001',
  ],
  ...[
    'cc7f',
    'cd00ff',
    'ce0000ffff',
    'cf00000000ffffffff',
    'd0e0',
    'd1ff80',
    'd2ffff8000',
    'd3ffffffff80000000',
  ],
  ...['d3ffe0000000000000', 'd001', 'ca00000000', 'cb3ff0000000000000', 'c1', 'c7010000', 'd60000000000'],
  ...[
    'a161',
    'a2c3a9',
    'a3e282ac',
    'a4f09f9880',
    'a3efbbbf',
    'a3eda080',
    'a2c080',
    'a4f4908080',
    '81a161c0',
    '9101',
  ],
  ...[`d920${'78'.repeat(32)}`, `d941efbbbf${'78'.repeat(62)}`, `da0100${'78'.repeat(256)}`],
  ...[
    `dc0010${'c0'.repeat(16)}`,
    `c410${'ab'.repeat(16)}`,
    `c420${'cd'.repeat(32)}`,
    `c50100${'00'.repeat(256)}`,
  ],
  ...[`de0010${Array.from({ length: 16 }, (_, i) => `a1${(0x61 + i).toString(16)}c0`).join('')}`],
  ...[
    '9191919191919190',
    '81a16181a16181a16181a16180',
    'a131',
    'a95f5f70726f746f5f5f',
    'dd00000001c0',
    'db00000001',
  ],
].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

const id = new Uint8Array(16).fill(0xab);
const key = new Uint8Array(32).fill(0xcd);
const transfer = {
  seq: 7,
  id,
  from: 'issuer',
  to: 'bob',
  amount: 1250,
  memo: 'lunch',
  at: 1_700_000_000_000,
};
const person = { name: 'bob', host: '192.0.2.1', port: 6000, key };
const ok = { code: 100, text: '100 OK' } as const;
const view = {
  ...ok,
  name: 'alice',
  balance: 2 ** 40,
  currency: { name: 'dollars', scale: 2 },
  online: [person],
};

/** Parameters and a result of each method of a server. */
export const CALLS: { readonly [M in keyof Methods]: readonly [Methods[M]['params'], Methods[M]['result']] } =
  {
    register: [{ name: 'alice' }, ok],
    login: [{ name: 'alice', port: 6000 }, view],
    list: [{}, { ...view, online: [{ name: 'ann', host: null, port: null, key }] }],
    pay: [
      { to: 'bob', amount: 1250, id, memo: 'lunch' },
      { ...ok, transfer, balance: 0, payee: person },
    ],
    lookup: [{ name: 'bob' }, { ...person, online: true }],
    history: [{ before: 9, limit: 100 }, { transfers: [transfer, { ...transfer, seq: 6 }] }],
    friends: [{}, { friends: [{ name: 'bob', online: false, state: 'asking' }] }],
    befriend: [{ name: 'bob' }, { state: 'asked' }],
    unfriend: [{ name: 'bob' }, {}],
    exit: [{}, { text: 'Bye!' }],
  };

/** The same between clients. */
export const PEER_CALLS: {
  readonly [M in keyof PeerMethods]: readonly [PeerMethods[M]['params'], PeerMethods[M]['result']];
} = { hello: [{ name: 'alice' }, { name: 'bob' }], say: [{ text: 'hello' }, {}] };

const TOLD: Notifications = {
  paid: { transfer },
  friend: { name: 'bob', state: 'friend' },
  presence: { name: 'bob', online: true },
  kicked: { text: 'logged in elsewhere' },
  notice: { text: 'hello' },
};

const calls = Object.entries({ ...CALLS, ...PEER_CALLS });

/** One of every message, and a handshake payload. */
export const MESSAGES: readonly Uint8Array[] = [
  ...calls.map(([method, [params]]) => encodeRequest(1, method, params)),
  ...calls.map(([, [, result]]) => encodeResult(2, result)),
  ...Object.entries(TOLD).map(([method, params]) => encodeNotification(method, params)),
  // The Kelvin sign, whose lower case is an ASCII letter.
  encodeRequest(1, 'register', { name: '\u212a' }),
  encodeError(3, 'NAME_TAKEN'),
  encodeAgent('farthing/0.1.0'),
  encodeRequest(0xffff_ffff, 'nothing', { '': [[], {}, null, true, -1, new Uint8Array(3)] }),
].map((bytes) => new Uint8Array(bytes));

/** Keys that are in no message above as keys of the outermost map. */
const KEYS = [
  'to',
  'before',
  'limit',
  'transfer',
  'payee',
  'transfers',
  'friends',
  'state',
  'agent',
  'scale',
];

const WORDS = [
  ...calls.map(([method]) => method),
  ...Object.keys({ ...TOLD, ...view, ...transfer, ...person }),
  ...KEYS,
  ...['friend', 'asked', 'asking', 'Alice', '\u212a', '::1', 'register', 'issuer', '-'],
];

/** Every method, every key, and words that some of them hold. */
export const VOCABULARY: readonly Uint8Array[] = [...new Set(WORDS)].map(
  (word) => new Uint8Array(pack(word)),
);
