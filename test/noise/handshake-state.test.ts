import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateKeyPair, HandshakeState, type Transport } from '../../src/noise/index.ts';
import { native, noble } from './support/backends.ts';
import { EMPTY, flipped, pattern, toHex } from './support/bytes.ts';
import type { Backend } from './support/internals.ts';
import {
  beforeMessage,
  INITIATOR_KEYS,
  initiatorOf,
  PROTOCOLS,
  RESPONDER_KEYS,
  responderOf,
} from './support/pair.ts';

const DEAD = { name: 'NoiseError', code: 'dead' };
const OUT_OF_ORDER = { name: 'NoiseError', code: 'out_of_order' };
const BAD_LENGTH = { name: 'NoiseError', code: 'bad_length' };

function assertDead(side: HandshakeState): void {
  assert.throws(() => side.writeMessage(EMPTY), DEAD);
  assert.throws(() => side.readMessage(EMPTY), DEAD);
  assert.throws(() => side.finish(), DEAD);
  assert.equal(side.complete, false);
  assert.equal(side.myTurn, false);
}

/** A backend that remembers, without copies, the secrets that a handshake handles. */
function watched(secrets: Uint8Array[]): Backend {
  return {
    ...native,
    randomBytes(length) {
      const bytes = native.randomBytes(length);
      secrets.push(bytes);
      return bytes;
    },
    x25519(secretKey, publicKey) {
      const shared = native.x25519(secretKey, publicKey);
      secrets.push(shared);
      return shared;
    },
    hash: (name) => ({
      ...native.hash(name),
      hkdf(chainingKey, inputKeyMaterial, outputs) {
        const derived = native.hash(name).hkdf(chainingKey, inputKeyMaterial, outputs);
        secrets.push(chainingKey, derived);
        return derived;
      },
    }),
    seal(key, nonce, ad, plaintext, out) {
      secrets.push(key);
      native.seal(key, nonce, ad, plaintext, out);
    },
    open(key, nonce, ad, ciphertext, out) {
      secrets.push(key);
      return native.open(key, nonce, ad, ciphertext, out);
    },
  };
}

/** Runs a handshake with payloads in every message and returns what both sides end with. */
function run(initiator: HandshakeState, responder: HandshakeState): [Transport, Transport] {
  const payloads = [pattern(5, 1), pattern(300, 2), pattern(0, 3)];
  for (const [i, payload] of payloads.entries()) {
    const [writer, reader] = i % 2 === 0 ? [initiator, responder] : [responder, initiator];
    assert.deepEqual([writer.myTurn, reader.myTurn], [true, false]);
    assert.deepEqual(reader.readMessage(writer.writeMessage(payload)), payload);
  }
  assert.deepEqual([initiator.complete, responder.complete], [true, true]);
  assert.deepEqual([initiator.myTurn, responder.myTurn], [false, false]);
  return [initiator.finish(), responder.finish()];
}

for (const protocol of PROTOCOLS) {
  describe(protocol, () => {
    for (const [ours, theirs] of [
      [noble, noble],
      [noble, native],
      [native, noble],
      [native, native],
    ] as const) {
      test(`${ours.name} as initiator and ${theirs.name} as responder come to the same keys`, () => {
        const [initiator, responder] = run(
          initiatorOf(protocol, { backend: ours }),
          responderOf(protocol, { backend: theirs }),
        );
        assert.equal(toHex(initiator.handshakeHash), toHex(responder.handshakeHash));
        assert.equal(toHex(initiator.remoteStaticKey), toHex(RESPONDER_KEYS.publicKey));
        assert.equal(toHex(responder.remoteStaticKey), toHex(INITIATOR_KEYS.publicKey));
        for (const [from, to] of [
          [initiator, responder],
          [responder, initiator],
        ] as const) {
          for (const length of [0, 64, 65519]) {
            const sealed = from.send.seal(EMPTY, pattern(length, 9));
            assert.ok(Buffer.from(to.receive.open(EMPTY, sealed)).equals(pattern(length, 9)));
          }
        }
        assert.throws(() => initiator.receive.open(EMPTY, initiator.send.seal(EMPTY, EMPTY)), {
          code: 'decrypt_failed',
        });
      });
    }

    test('two handshakes of the same two people share nothing', () => {
      const staticKeys = generateKeyPair(native);
      const hashes = [1, 2].map(() => {
        const initiator = new HandshakeState({ protocol, initiator: true, prologue: EMPTY, staticKeys });
        return toHex(run(initiator, responderOf(protocol))[0].handshakeHash);
      });
      assert.notEqual(hashes[0], hashes[1]);
    });

    test('the remote static key is known from the message on that brings it', () => {
      const { initiator, responder } = beforeMessage(2, protocol);
      assert.equal(initiator.remoteStaticKey, undefined);
      initiator.readMessage(responder.writeMessage(EMPTY));
      assert.deepEqual(initiator.remoteStaticKey, RESPONDER_KEYS.publicKey);
      assert.equal(responder.remoteStaticKey, undefined);
      responder.readMessage(initiator.writeMessage(EMPTY));
      assert.deepEqual(responder.remoteStaticKey, INITIATOR_KEYS.publicKey);
    });

    test('a call out of turn is refused and changes nothing', () => {
      const initiator = initiatorOf(protocol);
      const responder = responderOf(protocol);
      assert.throws(() => initiator.readMessage(EMPTY), OUT_OF_ORDER);
      assert.throws(() => responder.writeMessage(EMPTY), OUT_OF_ORDER);
      assert.throws(() => initiator.finish(), OUT_OF_ORDER);
      const first = initiator.writeMessage(EMPTY);
      assert.equal(first.length, initiator.messageOneLength);
      assert.throws(() => initiator.writeMessage(EMPTY), OUT_OF_ORDER);
      responder.readMessage(first);
      assert.throws(() => responder.readMessage(first), OUT_OF_ORDER);
      initiator.readMessage(responder.writeMessage(EMPTY));
      responder.readMessage(initiator.writeMessage(EMPTY));
      for (const side of [initiator, responder]) {
        assert.throws(() => side.writeMessage(EMPTY), OUT_OF_ORDER);
        assert.throws(() => side.readMessage(EMPTY), OUT_OF_ORDER);
      }
      assert.equal(toHex(initiator.finish().handshakeHash), toHex(responder.finish().handshakeHash));
    });

    test('a handshake finishes once, and is dead then', () => {
      const initiator = initiatorOf(protocol);
      const responder = responderOf(protocol);
      run(initiator, responder);
      assertDead(initiator);
      assertDead(responder);
    });

    test('whether it fails or finishes, a handshake leaves no secret of its own in memory', () => {
      const secrets: Uint8Array[] = [];
      const prologue = EMPTY;
      const staticKeys = RESPONDER_KEYS;
      const options = { protocol, initiator: false, prologue, staticKeys, backend: watched(secrets) };
      const failing = new HandshakeState(options);
      const initiator = initiatorOf(protocol);
      failing.readMessage(initiator.writeMessage(EMPTY));
      initiator.readMessage(failing.writeMessage(EMPTY));
      assert.ok(secrets.some((secret) => secret.some((byte) => byte !== 0)));
      assert.throws(() => failing.readMessage(flipped(initiator.writeMessage(EMPTY), 40)));
      run(initiatorOf(protocol), new HandshakeState(options));
      assert.ok(secrets.length > 10);
      for (const secret of secrets) {
        assert.ok(secret.every((byte) => byte === 0));
      }
      assert.ok(
        RESPONDER_KEYS.secretKey.some((byte) => byte !== 0),
        'the static key is not its own',
      );
    });

    test('a handshake that is given up is dead', () => {
      const { initiator, responder } = beforeMessage(3, protocol);
      initiator.drop();
      responder.drop();
      assertDead(initiator);
      assertDead(responder);
      assert.equal(initiator.remoteStaticKey, undefined);
    });

    test('a prologue of one side only, or another one, fails at message 2', () => {
      for (const prologue of [EMPTY, pattern(7, 1)]) {
        const initiator = initiatorOf(protocol, { prologue: pattern(7, 2) });
        const responder = responderOf(protocol, { prologue });
        responder.readMessage(initiator.writeMessage(EMPTY));
        const second = responder.writeMessage(EMPTY);
        assert.throws(() => initiator.readMessage(second), { name: 'NoiseError', code: 'decrypt_failed' });
        assertDead(initiator);
      }
    });

    test('a message with less than its keys and tags is refused unread', () => {
      for (const number of [1, 2, 3] as const) {
        const { initiator, responder } = beforeMessage(number, protocol);
        const [writer, reader] = number === 2 ? [responder, initiator] : [initiator, responder];
        const message = writer.writeMessage(EMPTY);
        assert.throws(() => reader.readMessage(message.subarray(1)), BAD_LENGTH, `message ${number}`);
        assertDead(reader);
      }
    });

    test('a message is at most 65535 bytes, written and read', () => {
      const { initiator, responder } = beforeMessage(1, protocol);
      const room = 65535 - initiator.messageOneLength;
      assert.throws(() => initiator.writeMessage(pattern(room + 1, 1)), BAD_LENGTH);
      const longest = initiator.writeMessage(pattern(room, 1));
      assert.equal(longest.length, 65535);
      assert.throws(
        () => responderOf(protocol).readMessage(Buffer.concat([longest, pattern(1, 1)])),
        BAD_LENGTH,
      );
      assert.deepEqual(responder.readMessage(longest), pattern(room, 1));
    });
  });
}
