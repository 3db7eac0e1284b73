import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Backend } from '../../src/noise/backend.ts';
import { CipherState, HandshakeState, keyPairFromSecret, type ProtocolName } from '../../src/noise/index.ts';
import xx from '../vectors/noise-xx.json' with { type: 'json' };
import xxhfs from '../vectors/noise-xxhfs.json' with { type: 'json' };
import { BACKENDS } from './backends.ts';
import { EMPTY, fromHex, pattern, toHex } from './bytes.ts';

interface Keys {
  readonly protocol_name: string;
  readonly init_prologue: string;
  readonly init_static: string;
  readonly init_ephemeral: string;
  readonly init_kem_seed?: string;
  readonly resp_prologue: string;
  readonly resp_static: string;
  readonly resp_ephemeral: string;
  readonly resp_encapsulation_seed?: string;
}

function initiatorOf(backend: Backend, keys: Keys): HandshakeState {
  const { init_kem_seed: kemSeed } = keys;
  return new HandshakeState({
    protocol: keys.protocol_name as ProtocolName,
    initiator: true,
    prologue: fromHex(keys.init_prologue),
    staticKeys: keyPairFromSecret(fromHex(keys.init_static), backend),
    backend,
    ephemeral: {
      secretKey: fromHex(keys.init_ephemeral),
      ...(kemSeed === undefined ? {} : { kemSeed: fromHex(kemSeed) }),
    },
  });
}

function responderOf(backend: Backend, keys: Keys): HandshakeState {
  const { resp_encapsulation_seed: encapsulationSeed } = keys;
  return new HandshakeState({
    protocol: keys.protocol_name as ProtocolName,
    initiator: false,
    prologue: fromHex(keys.resp_prologue),
    staticKeys: keyPairFromSecret(fromHex(keys.resp_static), backend),
    backend,
    ephemeral: {
      secretKey: fromHex(keys.resp_ephemeral),
      ...(encapsulationSeed === undefined ? {} : { encapsulationSeed: fromHex(encapsulationSeed) }),
    },
  });
}

for (const backend of BACKENDS) {
  describe(`published handshakes on ${backend.description}`, () => {
    for (const vector of xx.vectors) {
      test(`${vector.name}: ${vector.protocol_name}`, () => {
        const sides = [initiatorOf(backend, vector), responderOf(backend, vector)] as const;
        for (const [i, { payload, ciphertext }] of vector.messages.slice(0, 3).entries()) {
          const [writer, reader] = i % 2 === 0 ? sides : [sides[1], sides[0]];
          const message = writer.writeMessage(fromHex(payload));
          assert.equal(toHex(message), ciphertext, `message ${i + 1}`);
          assert.equal(toHex(reader.readMessage(message)), payload);
        }
        const transports = [sides[0].finish(), sides[1].finish()] as const;
        for (const { handshakeHash } of transports) {
          if ('handshake_hash' in vector) assert.equal(toHex(handshakeHash), vector.handshake_hash);
        }
        for (const [i, { payload, ciphertext }] of vector.messages.slice(3).entries()) {
          const [sender, receiver] = i % 2 === 1 ? transports : [transports[1], transports[0]];
          const message = sender.send.seal(EMPTY, fromHex(payload));
          assert.equal(toHex(message), ciphertext, `message ${i + 4}`);
          assert.equal(toHex(receiver.receive.open(EMPTY, message)), payload);
        }
      });
    }

    for (const vector of xxhfs.vectors) {
      test(`${vector.name}: ${vector.protocol_name}`, () => {
        const initiator = initiatorOf(backend, vector);
        const responder = responderOf(backend, vector);
        const first = initiator.writeMessage(EMPTY);
        responder.readMessage(first);
        const second = responder.writeMessage(EMPTY);
        initiator.readMessage(second);
        const third = initiator.writeMessage(EMPTY);
        responder.readMessage(third);
        assert.deepEqual([first.length, second.length, third.length], vector.message_lengths);
        const transports = [initiator.finish(), responder.finish()] as const;
        for (const { handshakeHash } of transports) assert.equal(toHex(handshakeHash), vector.handshake_hash);
        for (const [i, key] of [vector.init_transport_key, vector.resp_transport_key].entries()) {
          const expected = new CipherState(backend, fromHex(key)).seal(EMPTY, pattern(40, 1));
          const sealed = transports[i]?.send.seal(EMPTY, pattern(40, 1)) ?? EMPTY;
          assert.equal(toHex(sealed), toHex(expected));
          assert.deepEqual(transports[1 - i]?.receive.open(EMPTY, sealed), pattern(40, 1));
        }
      });
    }
  });
}
