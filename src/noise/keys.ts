import { type Backend, KEY_LENGTH, type KeyPair } from './backend.ts';
import { chooseBackend } from './choose.ts';

/** A new X25519 key pair. */
export function generateKeyPair(backend: Backend = chooseBackend()): KeyPair {
  const secretKey = backend.randomBytes(KEY_LENGTH);
  return { secretKey, publicKey: backend.x25519PublicKey(secretKey) };
}

/**
 * The X25519 key pair of a secret key of 32 bytes, which is copied.
 * @throws RangeError for any other length
 */
export function keyPairFromSecret(secretKey: Uint8Array, backend: Backend = chooseBackend()): KeyPair {
  if (secretKey.length !== KEY_LENGTH) {
    throw new RangeError(`X25519 secret key: ${secretKey.length} bytes, not ${KEY_LENGTH}`);
  }
  return { secretKey: Uint8Array.from(secretKey), publicKey: backend.x25519PublicKey(secretKey) };
}
