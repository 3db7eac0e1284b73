import { type Backend, KEY_LENGTH, type KeyPair } from './backend.ts';
import { chooseBackend } from './choose.ts';

/**
 * A new X25519 key pair.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from 'farthing/link';
 *
 * const { secretKey, publicKey } = generateKeyPair();
 * console.log(secretKey.length, publicKey.length); // 32 32
 * ```
 */
export function generateKeyPair(backend: Backend = chooseBackend()): KeyPair {
  const secretKey = backend.randomBytes(KEY_LENGTH);
  return { secretKey, publicKey: backend.x25519PublicKey(secretKey) };
}

/**
 * The X25519 key pair of a secret key of 32 bytes, which is copied.
 * @throws RangeError for any other length
 * @example
 * ```ts
 * import { readFileSync, writeFileSync } from 'node:fs';
 * import { generateKeyPair, keyPairFromSecret } from 'farthing/link';
 *
 * const keys = generateKeyPair();
 * writeFileSync(`${folder}/key`, keys.secretKey, { mode: 0o600 });
 * const later = keyPairFromSecret(readFileSync(`${folder}/key`));
 * console.log(Buffer.compare(later.publicKey, keys.publicKey)); // 0
 * ```
 */
export function keyPairFromSecret(secretKey: Uint8Array, backend: Backend = chooseBackend()): KeyPair {
  if (secretKey.length !== KEY_LENGTH) {
    throw new RangeError(`X25519 secret key: ${secretKey.length} bytes, not ${KEY_LENGTH}`);
  }
  return { secretKey: Uint8Array.from(secretKey), publicKey: backend.x25519PublicKey(secretKey) };
}
