// The worked examples of src/protocol/README.md: what each is called there, and how it is made.
import {
  encodeAgent,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
} from '../../../src/protocol/index.ts';

const KEY = new Uint8Array(32).fill(0xb0);
const ID = Uint8Array.from({ length: 16 }, (_, at) => at);
const OK = { code: 100, text: '100 OK' };
const TRANSFER = {
  seq: 7,
  id: ID,
  from: 'alice',
  to: 'bob',
  amount: 1250,
  memo: 'lunch',
  at: 1_700_000_000_000,
};
const BOB = { name: 'bob', host: '127.0.0.1', port: 6001, key: KEY };
const VIEW = {
  ...OK,
  name: 'alice',
  balance: 1_000_000,
  currency: { name: 'dollars', scale: 2 },
  online: [BOB],
};

/** `<key>` stands for 32 bytes b0, `<id>` for the 16 bytes 00 to 0f. */
export const EXAMPLES: Readonly<Record<string, () => Uint8Array>> = {
  'handshake payload {agent: "farthing/0.1.0"}': () => encodeAgent('farthing/0.1.0'),

  'request 1, register {name: "alice"}': () => encodeRequest(1, 'register', { name: 'alice' }),
  'response 1, result {code: 100, text: "100 OK"}': () => encodeResult(1, OK),
  'request 2, login {name: "alice", port: 6000}': () =>
    encodeRequest(2, 'login', { name: 'alice', port: 6000 }),
  'response 2, result {code: 100, text: "100 OK", name: "alice", balance: 1000000, currency: {name: "dollars", scale: 2}, online: [{name: "bob", host: "127.0.0.1", port: 6001, key: <key>}]}':
    () => encodeResult(2, VIEW),
  'request 3, list {}, whose result is like that of login': () => encodeRequest(3, 'list', {}),
  'request 4, pay {to: "bob", amount: 1250, id: <id>, memo: "lunch"}': () =>
    encodeRequest(4, 'pay', { to: 'bob', amount: 1250, id: ID, memo: 'lunch' }),
  'response 4, result {code: 100, text: "100 OK", transfer: {seq: 7, id: <id>, from: "alice", to: "bob", amount: 1250, memo: "lunch", at: 1700000000000}, balance: 998750, payee: {name: "bob", host: "127.0.0.1", port: 6001, key: <key>}}':
    () => encodeResult(4, { ...OK, transfer: TRANSFER, balance: 998_750, payee: BOB }),
  'response 4, error 312': () => encodeError(4, 'INSUFFICIENT_FUNDS'),
  'request 5, lookup {name: "bob"}': () => encodeRequest(5, 'lookup', { name: 'bob' }),
  'response 5, result {name: "bob", key: <key>, online: false}': () =>
    encodeResult(5, { name: 'bob', key: KEY, online: false }),
  'request 6, history {before: 7, limit: 1}': () => encodeRequest(6, 'history', { before: 7, limit: 1 }),
  'response 6, result {transfers: []}': () => encodeResult(6, { transfers: [] }),
  'request 7, friends {}': () => encodeRequest(7, 'friends', {}),
  'response 7, result {friends: [{name: "bob", online: true, state: "asked"}]}': () =>
    encodeResult(7, { friends: [{ name: 'bob', online: true, state: 'asked' }] }),
  'request 8, befriend {name: "bob"}': () => encodeRequest(8, 'befriend', { name: 'bob' }),
  'response 8, result {state: "friend"}': () => encodeResult(8, { state: 'friend' }),
  'request 9, unfriend {name: "bob"}': () => encodeRequest(9, 'unfriend', { name: 'bob' }),
  'response 9, result {}': () => encodeResult(9, {}),
  'request 4294967295, exit {}': () => encodeRequest(0xffff_ffff, 'exit', {}),
  'response 4294967295, result {text: "Bye!"}': () => encodeResult(0xffff_ffff, { text: 'Bye!' }),

  'notification paid {transfer: {seq: 7, id: <id>, from: "alice", to: "bob", amount: 1250, memo: "lunch", at: 1700000000000}}, also from payer to payee':
    () => encodeNotification('paid', { transfer: TRANSFER }),
  'notification friend {name: "bob", state: "asking"}': () =>
    encodeNotification('friend', { name: 'bob', state: 'asking' }),
  'notification presence {name: "bob", online: true}': () =>
    encodeNotification('presence', { name: 'bob', online: true }),
  'notification kicked {text: "You have logged in elsewhere."}': () =>
    encodeNotification('kicked', { text: 'You have logged in elsewhere.' }),
  'notification notice {text: "Closed on Sunday."}': () =>
    encodeNotification('notice', { text: 'Closed on Sunday.' }),

  'request 1, hello {name: "alice"}': () => encodeRequest(1, 'hello', { name: 'alice' }),
  'response 1, result {name: "bob"}': () => encodeResult(1, { name: 'bob' }),
  'request 2, say {text: "hello"}': () => encodeRequest(2, 'say', { text: 'hello' }),
  'response 2, result {}': () => encodeResult(2, {}),
};
