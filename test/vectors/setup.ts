import { keyPairFromSecret, type ProtocolName, protocolOf } from '../../src/noise/index.ts';
import { needsStatic } from '../noise/support/internals.ts';
import { hex, type Setup } from './record.ts';

export const XX = 'Noise_XX_25519_ChaChaPoly_SHA256';
export const XXhfs = 'Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256';

/** The keys of both sides: 256 bytes that are all different, 32 each and 64 for the seed of ML-KEM. */
export function setupOf(protocol: ProtocolName, prologue: string): Setup {
  const { pattern } = protocolOf(protocol);
  const [initiatorStatic, responderStatic] = [bytes(0x00), bytes(0x20)];
  const publicKey = (secret: Uint8Array): string => hex(keyPairFromSecret(secret).publicKey);
  const tokens = pattern.messages.flat();
  const psks = tokens.filter((token) => token === 'psk').map(() => hex(bytes(0xe0)));
  const withKem = tokens.includes('e1');
  return {
    protocol_name: protocol,
    init_prologue: prologue,
    ...(needsStatic(pattern, 'initiator') ? { init_static: hex(initiatorStatic) } : {}),
    init_ephemeral: hex(bytes(0x40)),
    ...(withKem ? { init_kem_seed: hex(bytes(0x80, 64)) } : {}),
    ...(pattern.known.includes('responder') ? { init_remote_static: publicKey(responderStatic) } : {}),
    ...(psks.length > 0 ? { init_psks: psks } : {}),
    resp_prologue: prologue,
    ...(needsStatic(pattern, 'responder') ? { resp_static: hex(responderStatic) } : {}),
    resp_ephemeral: hex(bytes(0x60)),
    ...(withKem ? { resp_encapsulation_seed: hex(bytes(0xc0)) } : {}),
    ...(pattern.known.includes('initiator') ? { resp_remote_static: publicKey(initiatorStatic) } : {}),
    ...(psks.length > 0 ? { resp_psks: psks } : {}),
  };
}

/** Bytes that count up from the first. */
function bytes(first: number, length = 32): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => first + index);
}
