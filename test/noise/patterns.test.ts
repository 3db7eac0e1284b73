import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { HandshakeState, type ProtocolName, protocolOf, type Transport } from '../../src/noise/index.ts';
import { native, noble } from './support/backends.ts';
import { pattern as bytes, EMPTY, flipped, toHex } from './support/bytes.ts';
import type { Backend } from './support/internals.ts';
import { needsStatic, PATTERN_NAMES, pskCount, senderOf } from './support/internals.ts';
import { INITIATOR_KEYS, RESPONDER_KEYS } from './support/pair.ts';

type Sides = [initiator: HandshakeState, responder: HandshakeState];

/** Both sides of a protocol, each with exactly what its pattern needs. */
function sidesOf(protocol: ProtocolName, backends: readonly [Backend, Backend] = [native, native]): Sides {
  const { pattern } = protocolOf(protocol);
  const presharedKeys = Array.from({ length: pskCount(pattern) }, (_, i) => bytes(32, i));
  const common = { protocol, prologue: bytes(7, 1), presharedKeys };
  const [initiatorKeys, responderKeys] = [INITIATOR_KEYS, RESPONDER_KEYS];
  return [
    new HandshakeState({
      ...common,
      initiator: true,
      backend: backends[0],
      ...(needsStatic(pattern, 'initiator') ? { staticKeys: initiatorKeys } : {}),
      ...(pattern.known.includes('responder') ? { remoteStaticKey: responderKeys.publicKey } : {}),
    }),
    new HandshakeState({
      ...common,
      initiator: false,
      backend: backends[1],
      ...(needsStatic(pattern, 'responder') ? { staticKeys: responderKeys } : {}),
      ...(pattern.known.includes('initiator') ? { remoteStaticKey: initiatorKeys.publicKey } : {}),
    }),
  ];
}

function finish([initiator, responder]: Sides): [Transport, Transport] {
  while (!initiator.complete) {
    const [writer, reader] = initiator.myTurn ? [initiator, responder] : [responder, initiator];
    assert.deepEqual(reader.readMessage(writer.writeMessage(bytes(9, 4))), bytes(9, 4));
  }
  return [initiator.finish(), responder.finish()];
}

/** A name out of all that there are. */
const name = fc
  .record({
    base: fc.constantFrom(...PATTERN_NAMES),
    places: fc.uniqueArray(fc.nat(3), { maxLength: 4 }),
    hash: fc.constantFrom('SHA256', 'SHA512', 'BLAKE2s', 'BLAKE2b'),
    hfs: fc.boolean(),
  })
  .map(({ base, places, hash, hfs }): ProtocolName => {
    const { messages } = protocolOf(`Noise_${base}_25519_ChaChaPoly_SHA256`).pattern;
    const psks = places.filter((place) => place <= messages.length).map((place) => `psk${place}`);
    const withKem = hfs && base === 'XX';
    const modifiers = [...(withKem ? ['hfs'] : []), ...psks].sort().join('+');
    return `Noise_${base}${modifiers}_25519${withKem ? '+MLKEM768' : ''}_ChaChaPoly_${hash}`;
  });

test('any protocol: both sides come to the same keys, know each other and can speak', () => {
  fc.assert(
    fc.property(
      name,
      fc.constantFrom([native, noble] as const, [noble, native] as const),
      (protocol, backends) => {
        const { pattern } = protocolOf(protocol);
        const [initiator, responder] = finish(sidesOf(protocol, backends));
        assert.equal(toHex(initiator.handshakeHash), toHex(responder.handshakeHash));
        const owned = (role: 'initiator' | 'responder', keys: typeof INITIATOR_KEYS) =>
          toHex(needsStatic(pattern, role) ? keys.publicKey : EMPTY);
        assert.equal(toHex(initiator.remoteStaticKey), owned('responder', RESPONDER_KEYS));
        assert.equal(toHex(responder.remoteStaticKey), owned('initiator', INITIATOR_KEYS));
        const sealed = initiator.send.seal(EMPTY, bytes(40, 2));
        assert.deepEqual(responder.receive.open(EMPTY, sealed), bytes(40, 2));
        if (pattern.messages.length > 1) {
          assert.deepEqual(initiator.receive.open(EMPTY, responder.send.seal(EMPTY, EMPTY)), EMPTY);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('any protocol: a changed byte anywhere is found out by the next message that is read', () => {
  fc.assert(
    fc.property(name, fc.nat(), fc.nat(), (protocol, which, at) => {
      const sides = sidesOf(protocol);
      const count = protocolOf(protocol).pattern.messages.length;
      const changed = which % count;
      assert.throws(
        () => {
          for (let index = 0; index < count; index++) {
            const [writer, reader] = senderOf(index) === 'initiator' ? sides : [sides[1], sides[0]];
            const message = writer.writeMessage(bytes(20, 3));
            reader.readMessage(index === changed ? flipped(message, at % message.length) : message);
          }
          const [initiator, responder] = [sides[0].finish(), sides[1].finish()];
          responder.receive.open(EMPTY, initiator.send.seal(EMPTY, EMPTY));
        },
        { name: 'NoiseError' },
      );
    }),
    { numRuns: 150 },
  );
});

describe('one-way patterns', () => {
  for (const base of ['N', 'K', 'X'] as const) {
    test(`${base}: only the initiator sends`, () => {
      const [initiator, responder] = finish(sidesOf(`Noise_${base}_25519_ChaChaPoly_SHA256`));
      for (const payload of [EMPTY, bytes(30, 1)]) {
        assert.deepEqual(responder.receive.open(EMPTY, initiator.send.seal(EMPTY, payload)), payload);
      }
      assert.throws(() => responder.send.seal(EMPTY, EMPTY), { code: 'dead' });
      assert.throws(() => initiator.receive.open(EMPTY, bytes(16, 0)), { code: 'dead' });
    });
  }
});

describe('a side that lacks what its pattern needs, or brings what it has no place for, is a mistake', () => {
  const KK = 'Noise_KK_25519_ChaChaPoly_SHA256';
  const XX = 'Noise_XX_25519_ChaChaPoly_SHA256';
  const psk2 = 'Noise_NNpsk0+psk2_25519_ChaChaPoly_SHA256';
  const remoteStaticKey = RESPONDER_KEYS.publicKey;
  const staticKeys = INITIATOR_KEYS;
  const [protocol, prologue, initiator] = [KK, EMPTY, true] as const;
  const side = (options: object) => () => new HandshakeState({ protocol, prologue, initiator, ...options });
  const cases: readonly [why: string, make: () => HandshakeState, message: RegExp][] = [
    ['no static keys', side({ remoteStaticKey }), /static keys are missing/],
    ['no static keys for XX', side({ protocol: XX }), /, initiator: its own static keys are missing/],
    ['nor for its responder', side({ protocol: XX, initiator: false }), /, responder: its own static/],
    ['no remote static key', side({ staticKeys }), /remote static key must be given/],
    ['one of 31 bytes', side({ staticKeys, remoteStaticKey: bytes(31, 1) }), /must be given, 32 bytes/],
    ['one that nobody checks', side({ protocol: XX, staticKeys, remoteStaticKey }), /no remote static key/],
    ['no pre-shared key', side({ protocol: psk2 }), /pre-shared keys: 0, not 2/],
    ['one of two', side({ protocol: psk2, presharedKeys: [bytes(32, 1)] }), /pre-shared keys: 1, not 2/],
    ['one too many', side({ staticKeys, remoteStaticKey, presharedKeys: [bytes(32, 1)] }), /: 1, not 0/],
    ['a short one', side({ protocol: psk2, presharedKeys: [bytes(32, 1), bytes(31, 1)] }), /is 32 bytes/],
    ['an unknown protocol', side({ protocol: 'Noise_ZZ_25519_ChaChaPoly_SHA256' }), /not supported/],
  ];
  for (const [why, make, message] of cases) {
    test(why, () => assert.throws(make, { name: 'RangeError', message }));
  }
});

test('nothing that is derived from a pre-shared key stays in memory', () => {
  const derived: Uint8Array[] = [];
  const watched: Backend = {
    ...native,
    hash: (name) => ({
      ...native.hash(name),
      hkdf(chainingKey, inputKeyMaterial, outputs) {
        const result = native.hash(name).hkdf(chainingKey, inputKeyMaterial, outputs);
        derived.push(chainingKey, result);
        return result;
      },
    }),
  };
  finish(sidesOf('Noise_KKpsk0+psk2_25519_ChaChaPoly_BLAKE2b', [watched, native]));
  assert.deepEqual(new Set(derived.map(({ length }) => length)), new Set([64, 192, 128]));
  for (const bytes of derived) {
    assert.ok(bytes.every((byte) => byte === 0));
  }
});

test('a remote static key is copied, pre-shared keys are left as they are', () => {
  const remoteStaticKey = Uint8Array.from(RESPONDER_KEYS.publicKey);
  const presharedKeys = [bytes(32, 0)];
  const [, responder] = sidesOf('Noise_NKpsk0_25519_ChaChaPoly_SHA512');
  const initiator = new HandshakeState({
    protocol: 'Noise_NKpsk0_25519_ChaChaPoly_SHA512',
    initiator: true,
    prologue: bytes(7, 1),
    remoteStaticKey,
    presharedKeys,
    backend: native,
  });
  remoteStaticKey.fill(0);
  const [ours] = finish([initiator, responder]);
  assert.deepEqual(ours.remoteStaticKey, RESPONDER_KEYS.publicKey);
  assert.equal(ours.handshakeHash.length, 64);
  assert.deepEqual(presharedKeys, [bytes(32, 0)]);
});
