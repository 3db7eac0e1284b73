import type { Method } from '../../src/protocol/index.ts';
import type { Dice } from './dice.ts';

/** What a client means by a request, as the wire contract knows it: what the model is told. */
export type Ask =
  | { readonly method: 'register' | 'lookup' | 'befriend' | 'unfriend'; readonly name: string }
  | { readonly method: 'login'; readonly name: string; readonly port: number }
  | { readonly method: 'list' | 'friends' | 'exit' }
  | {
      readonly method: 'pay';
      readonly to: string;
      readonly amount: number;
      /** Which order of the payer's: see {@link orderId}. */
      readonly order: number;
      readonly memo: string;
    }
  | { readonly method: 'history'; readonly before: number | undefined; readonly limit: number | undefined }
  /** A method that exists, with parameters that no client may send. */
  | { readonly method: 'malformed'; readonly of: Method }
  /** No method at all. */
  | { readonly method: 'nonsense' };

/** An ask as it is written down. */
export interface Written {
  readonly ask: Ask;
  readonly method: string;
  readonly params: object;
}

/** 16 bytes that no other order of the same payer has; those of other payers may. */
export function orderId(order: number): Uint8Array {
  const id = new Uint8Array(16);
  for (let at = 0; at < 4; at++) {
    id[15 - at] = order >>> (8 * at);
  }
  id[0] = 1;
  return id;
}

/** Writes an ask in one of the ways that mean the same. */
export function write(ask: Ask, dice: Dice): Written {
  if (ask.method === 'malformed') {
    return { ask, method: ask.of, params: dice.pick(MALFORMED[ask.of] ?? []) };
  }
  if (ask.method === 'nonsense') {
    return { ask, method: dice.pick(NONSENSE), params: {} };
  }
  const params = paramsOf(ask, dice);
  return { ask, method: ask.method, params: dice.thousandth(30) ? { ...params, later: [null, 1] } : params };
}

function paramsOf(ask: Exclude<Ask, { method: 'malformed' | 'nonsense' }>, dice: Dice): object {
  switch (ask.method) {
    case 'register':
    case 'lookup':
    case 'befriend':
    case 'unfriend':
      return { name: anyCase(ask.name, dice) };
    case 'login':
      return { name: anyCase(ask.name, dice), port: ask.port };
    case 'pay': {
      const { to, amount, order, memo } = ask;
      const required = { to: anyCase(to, dice), amount, id: orderId(order) };
      if (memo === '') {
        return dice.thousandth(500) ? required : { ...required, memo: dice.pick(['', null]) };
      }
      return { ...required, memo };
    }
    case 'history':
      return {
        ...absentOr('before', ask.before, dice),
        ...absentOr('limit', ask.limit, dice),
      };
    default:
      return {};
  }
}

function absentOr(key: string, value: number | undefined, dice: Dice): object {
  if (value !== undefined) {
    return { [key]: value };
  }
  return dice.thousandth(500) ? {} : { [key]: null };
}

function anyCase(name: string, dice: Dice): string {
  return dice.thousandth(50) ? name.toUpperCase() : name;
}

const BAD_NAMES: readonly object[] = [
  {},
  { name: '' },
  { name: 7 },
  { name: null },
  { name: 'issuer' },
  { name: 'Operator' },
  { name: '1st' },
  { name: 'zoë' },
  { name: 'a b' },
  { name: 'a'.repeat(33) },
  { name: 'p\u212a' },
  { Name: 'p0' },
];

const ID = orderId(1);

/** What gets 400 whatever the books say. */
const MALFORMED: Partial<Record<Method, readonly object[]>> = {
  register: BAD_NAMES,
  lookup: BAD_NAMES,
  befriend: BAD_NAMES,
  unfriend: BAD_NAMES,
  login: [
    ...BAD_NAMES.map((name) => ({ ...name, port: 0 })),
    { name: 'p0' },
    { name: 'p0', port: -1 },
    { name: 'p0', port: 65_536 },
    { name: 'p0', port: '0' },
  ],
  pay: [
    {},
    { amount: 1, id: ID },
    { to: 'p1', id: ID },
    { to: 'p1', amount: 1 },
    { to: 'issuer', amount: 1, id: ID },
    { to: 'p1', amount: '1', id: ID },
    { to: 'p1', amount: null, id: ID },
    { to: 'p1', amount: 1, id: ID.subarray(1) },
    { to: 'p1', amount: 1, id: new Uint8Array(17) },
    { to: 'p1', amount: 1, id: '0123456789abcdef' },
    { to: 'p1', amount: 1, id: ID, memo: 5 },
    { to: 'p1', amount: 1, id: ID, memo: 'é'.repeat(129) },
  ],
  history: [{ limit: 0 }, { limit: 101 }, { before: 0 }, { before: '1' }, { limit: 1, before: -1 }],
};

/** Methods that can be malformed. */
export const MALFORMABLE = Object.keys(MALFORMED) as readonly Method[];

const NONSENSE = ['', 'PAY', 'pay ', 'paid', 'hello', 'say', 'toString', '__proto__', 'constructor'] as const;
