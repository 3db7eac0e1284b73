export type {
  Aead,
  Backend,
  BackendName,
  Encapsulation,
  Hash,
  HashName,
  KemKeyPair,
  KeyPair,
} from './backend.ts';
export { chooseBackend } from './choose.ts';
export { CipherState } from './cipher-state.ts';
export { NoiseError } from './errors.ts';
export type { HandshakeOptions } from './handshake-options.ts';
export { HandshakeState, type Transport } from './handshake-state.ts';
export { generateKeyPair, keyPairFromSecret } from './keys.ts';
export { type ProtocolName, protocolOf } from './protocol.ts';
