import {
  HandshakeState,
  type KeyPair,
  keyPairFromSecret,
  type ProtocolName,
} from '../../../src/noise/index.ts';
import { native } from './backends.ts';
import { EMPTY, pattern } from './bytes.ts';
import type { Backend } from './internals.ts';

export const PROTOCOLS: readonly ProtocolName[] = [
  'Noise_XX_25519_ChaChaPoly_SHA256',
  'Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256',
];

export const INITIATOR_KEYS: KeyPair = keyPairFromSecret(pattern(32, 21), native);
export const RESPONDER_KEYS: KeyPair = keyPairFromSecret(pattern(32, 22), native);

/** Always the same first message, so that one reply fits many initiators. */
const EPHEMERAL = { secretKey: pattern(32, 23), kemSeed: pattern(64, 24) };

interface SideOptions {
  readonly prologue?: Uint8Array;
  readonly backend?: Backend;
}

export function initiatorOf(protocol: ProtocolName, options: SideOptions = {}): HandshakeState {
  const { prologue = EMPTY, backend = native } = options;
  const staticKeys = INITIATOR_KEYS;
  return new HandshakeState({
    protocol,
    initiator: true,
    prologue,
    staticKeys,
    backend,
    ephemeral: EPHEMERAL,
  });
}

export function responderOf(protocol: ProtocolName, options: SideOptions = {}): HandshakeState {
  const { prologue = EMPTY, backend = native } = options;
  return new HandshakeState({ protocol, initiator: false, prologue, staticKeys: RESPONDER_KEYS, backend });
}

/**
 * The three messages of a handshake that goes well, up to and without the one of that number, and both sides.
 */
export function beforeMessage(number: 1 | 2 | 3, protocol: ProtocolName) {
  const initiator = initiatorOf(protocol);
  const responder = responderOf(protocol);
  if (number > 1) {
    responder.readMessage(initiator.writeMessage(EMPTY));
  }
  if (number > 2) {
    initiator.readMessage(responder.writeMessage(EMPTY));
  }
  return { initiator, responder };
}
