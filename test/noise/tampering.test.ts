import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HandshakeState, NoiseError } from '../../src/noise/index.ts';
import { EMPTY, flipped, pattern } from './support/bytes.ts';
import { beforeMessage, initiatorOf, PROTOCOLS, responderOf } from './support/pair.ts';

/** Whether the reader refuses the message as it should: with one of our errors, and dead from then on. */
function refuses(reader: HandshakeState, message: Uint8Array): boolean {
  try {
    reader.readMessage(message);
    return false;
  } catch (error) {
    assert.ok(error instanceof NoiseError, `${error}`);
    assert.ok(['decrypt_failed', 'bad_key', 'bad_length'].includes(error.code), error.code);
    assert.throws(() => reader.readMessage(message), { code: 'dead' });
    assert.throws(() => reader.writeMessage(EMPTY), { code: 'dead' });
    assert.equal(reader.remoteStaticKey, undefined);
    return true;
  }
}

/** Whether the responder's answer to a changed first message fails, there or at the initiator. */
function failsByMessageTwo(initiator: HandshakeState, responder: HandshakeState, first: Uint8Array): boolean {
  if (refuses(responder, first)) {
    return true;
  }
  try {
    return refuses(initiator, responder.writeMessage(EMPTY));
  } catch (error) {
    // An ephemeral key can turn out bad only when it is used.
    assert.ok(error instanceof NoiseError && error.code === 'bad_key', `${error}`);
    assert.throws(() => responder.writeMessage(EMPTY), { code: 'dead' });
    return true;
  }
}

/** Every way to cut a message short, and two to make it longer. */
function* resized(message: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < message.length; length++) {
    yield message.subarray(0, length);
  }
  yield Buffer.concat([message, pattern(1, 0)]);
  yield Buffer.concat([message, pattern(16, 1)]);
}

for (const protocol of PROTOCOLS) {
  describe(protocol, () => {
    test('message 1: every changed byte is found out by message 2', () => {
      const payload = pattern(3, 1);
      const length = initiatorOf(protocol).messageOneLength + payload.length;
      for (let at = 0; at < length; at++) {
        const initiator = initiatorOf(protocol);
        const first = initiator.writeMessage(payload);
        assert.equal(first.length, length);
        assert.ok(failsByMessageTwo(initiator, responderOf(protocol), flipped(first, at)), `byte ${at}`);
      }
    });

    test('message 1: cut short it is refused, longer it fails by message 2', () => {
      const first = initiatorOf(protocol).writeMessage(EMPTY);
      for (const message of resized(first)) {
        const initiator = initiatorOf(protocol);
        initiator.writeMessage(EMPTY);
        assert.ok(failsByMessageTwo(initiator, responderOf(protocol), message), `${message.length} bytes`);
      }
    });

    test('message 2: every changed byte and every other length is refused', () => {
      const { responder } = beforeMessage(2, protocol);
      const second = responder.writeMessage(pattern(3, 2));
      const forgeries = [...second.keys()].map((at) => flipped(second, at));
      for (const forged of [...forgeries, ...resized(second)]) {
        const initiator = initiatorOf(protocol);
        initiator.writeMessage(EMPTY);
        assert.ok(refuses(initiator, forged));
      }
      const initiator = initiatorOf(protocol);
      initiator.writeMessage(EMPTY);
      assert.deepEqual(initiator.readMessage(second), pattern(3, 2), 'unchanged it is good');
    });

    test('message 3: every changed byte and every other length is refused', () => {
      const length = 64 + 3;
      for (let at = 0; at < length; at++) {
        const { initiator, responder } = beforeMessage(3, protocol);
        const third = initiator.writeMessage(pattern(3, 3));
        assert.equal(third.length, length);
        assert.ok(refuses(responder, flipped(third, at)), `byte ${at}`);
      }
      for (const size of [0, 1, 47, 48, 63, 64, 66, 68, 83]) {
        const { initiator, responder } = beforeMessage(3, protocol);
        const third = Buffer.concat([initiator.writeMessage(pattern(3, 3)), pattern(16, 0)]);
        assert.ok(refuses(responder, third.subarray(0, size)), `${size} bytes`);
      }
    });

    test('an ephemeral key of low order is refused by both sides', () => {
      for (const point of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
        const first = initiatorOf(protocol).writeMessage(EMPTY);
        first.set(point);
        const responder = responderOf(protocol);
        responder.readMessage(first);
        assert.throws(() => responder.writeMessage(EMPTY), { name: 'NoiseError', code: 'bad_key' });
        assert.throws(() => responder.writeMessage(EMPTY), { code: 'dead' });

        const { initiator, responder: honest } = beforeMessage(2, protocol);
        const second = honest.writeMessage(EMPTY);
        second.set(point);
        assert.throws(() => initiator.readMessage(second), { name: 'NoiseError', code: 'bad_key' });
      }
    });
  });
}

test('an ML-KEM key that is none is refused', () => {
  const protocol = 'Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256';
  const first = initiatorOf(protocol).writeMessage(EMPTY);
  first.fill(0xff, 32, 35);
  const responder = responderOf(protocol);
  responder.readMessage(first);
  assert.throws(() => responder.writeMessage(EMPTY), { name: 'NoiseError', code: 'bad_key' });
  assert.throws(() => responder.writeMessage(EMPTY), { code: 'dead' });
});
