/** What fast-check draws from: trees of the subset, and every message of the protocol. */
import fc, { type Arbitrary } from 'fast-check';
import type { Methods, PeerMethods, Transfer } from '../../../src/protocol/index.ts';
import type { Tree } from './reference.ts';

/**
 * Plain objects: fast-check would now and then draw one without a prototype, which is another value to
 * deepEqual.
 */
const record = <T>(model: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });

/** Integers on both sides of every boundary between two forms, and any others. */
export const anyInteger: Arbitrary<number> = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc
    .tuple(
      fc.constantFrom(0, 5, 7, 8, 15, 16, 31, 32, 52, 53),
      fc.integer({ min: -2, max: 2 }),
      fc.constantFrom(1, -1),
    )
    .map(([bits, off, sign]) => sign * (2 ** bits + off))
    .filter(Number.isSafeInteger)
    .map((value) => value + 0),
);

/** Any code point but the surrogates, of every length in UTF-8. */
export const anyCharacter: Arbitrary<string> = fc
  .oneof(fc.nat(0x7f), fc.nat(0x7ff), fc.nat(0xffff), fc.nat(0x10ffff))
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point));

/**
 * Any Unicode text without lone surrogates; now and then with a U+FEFF at its head, which some decoders drop.
 */
export const anyText: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', '\uFEFF', '\uFEFF\uFEFF'),
    fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 20 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      fc.constantFrom(31, 32, 255, 256, 70).map((length) => 'x'.repeat(length)),
    ),
  )
  .map(([mark, rest]) => mark + rest);

export const anyBytes: Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(0, 255, 256).map((length) => new Uint8Array(length).fill(0xa5)),
);

/**
 * Keys that objects keep in the order given: none that look like an index. `__proto__` has a test of its own.
 */
export const anyKey: Arbitrary<string> = anyText.filter((key) => !/^\d+$/.test(key) && key !== '__proto__');

const scalar: Arbitrary<Tree> = fc.oneof(
  fc.constant<Tree>({ kind: 'nil' }),
  fc.boolean().map((value): Tree => ({ kind: 'bool', value })),
  anyInteger.map((value): Tree => ({ kind: 'int', value: value === 0 ? 0 : value })),
  anyText.map((value): Tree => ({ kind: 'str', value })),
  anyBytes.map((value): Tree => ({ kind: 'bin', value })),
);

/** A value of the subset with at most `depth` containers within one another. */
export function tree(depth = 6): Arbitrary<Tree> {
  const { node } = fc.letrec<{ node: Tree; array: Tree; map: Tree }>((tie) => ({
    node: fc.oneof({ maxDepth: depth, depthIdentifier: 'tree' }, scalar, tie('array'), tie('map')),
    array: fc
      .array(tie('node'), { maxLength: 20, depthIdentifier: 'tree' })
      .map((items): Tree => ({ kind: 'array', items })),
    map: fc
      .uniqueArray(fc.tuple(anyKey, tie('node')), {
        maxLength: 20,
        selector: ([key]) => key,
        depthIdentifier: 'tree',
      })
      .map((entries): Tree => ({ kind: 'map', entries })),
  }));
  return node;
}

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
const nameCharacter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_.-');

/** A name that nobody has reserved. */
export const anyName: Arbitrary<string> = fc
  .tuple(letter, fc.array(nameCharacter, { maxLength: 30 }))
  .map(([first, rest]) => `${first}${rest.join('')}`)
  .map((name) => (name.length < 12 ? `${name}.` : name));

const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const memo = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => Buffer.byteLength(text) <= 256);
const positive = fc.maxSafeNat().map((value) => Math.max(1, value));
const state = fc.constantFrom('friend', 'asked', 'asking');
const none = fc.constant({});
const named = record({ name: anyName });
const ok = { code: fc.constant(100 as const), text: fc.constant('100 OK') };

export const anyTransfer: Arbitrary<Transfer> = record({
  seq: positive,
  id,
  from: fc.oneof(anyName, fc.constant('issuer')),
  to: anyName,
  amount: positive,
  memo,
  at: fc.maxSafeNat(),
});

const place = fc.oneof(
  record({ host: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.integer({ min: 1, max: 65535 }) }),
  fc.constant({ host: null, port: null }),
);
const person = fc.tuple(record({ name: anyName, key }), place).map(([who, where]) => ({ ...who, ...where }));
const view = record({
  ...ok,
  name: anyName,
  balance: fc.maxSafeNat(),
  currency: record({ name: fc.constantFrom('dollars', '€'), scale: fc.nat(15) }),
  online: fc.array(person, { maxLength: 5 }),
});

type Sides<M extends Record<keyof M, { params: unknown; result: unknown }>> = {
  readonly [K in keyof M]: { params: Arbitrary<M[K]['params']>; result: Arbitrary<M[K]['result']> };
};

export const METHODS: Sides<Methods> = {
  register: { params: named, result: record(ok) },
  login: { params: record({ name: anyName, port: fc.nat(65535) }), result: view },
  list: { params: none, result: view },
  pay: {
    params: record({ to: anyName, amount: fc.maxSafeInteger(), id, memo }),
    result: record({
      ...ok,
      transfer: anyTransfer,
      balance: fc.maxSafeNat(),
      payee: fc.option(person, { nil: null }),
    }),
  },
  lookup: {
    params: named,
    result: fc.oneof(
      person.map((one) => ({ ...one, online: true as const })),
      record({ name: anyName, key, online: fc.constant(false as const) }),
    ),
  },
  history: {
    params: fc.record(
      { before: positive, limit: fc.integer({ min: 1, max: 100 }) },
      { requiredKeys: [], noNullPrototype: true },
    ),
    result: record({ transfers: fc.array(anyTransfer, { maxLength: 5 }) }),
  },
  friends: {
    params: none,
    result: record({ friends: fc.array(record({ name: anyName, online: fc.boolean(), state })) }),
  },
  befriend: { params: named, result: record({ state }) },
  unfriend: { params: named, result: none },
  exit: { params: none, result: record({ text: fc.constant('Bye!') }) },
};

export const PEER_METHODS: Sides<PeerMethods> = {
  hello: { params: named, result: named },
  say: { params: record({ text: anyText.filter((text) => text !== '') }), result: none },
};

export const NOTIFICATIONS = {
  paid: record({ transfer: anyTransfer }),
  friend: record({ name: anyName, state }),
  presence: record({ name: anyName, online: fc.boolean() }),
  kicked: record({ text: anyText }),
  notice: record({ text: anyText }),
};
