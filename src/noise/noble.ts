import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake2b, blake2s } from '@noble/hashes/blake2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, randomBytes } from '@noble/hashes/utils.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { type Backend, type Hash, type HashName, KEM_CIPHERTEXT_LENGTH, type KemKeyPair } from './backend.ts';
import { NoiseError } from './errors.ts';

/** The reference: the noble packages, TypeScript throughout. Programs come to it by `loadNoble`. */
export function createNobleBackend(): Backend {
  const hashOf = (hash: typeof sha256 | typeof sha512 | typeof blake2s | typeof blake2b): Hash => ({
    length: hash.outputLen,
    digest: (data, more) => hash(more === undefined ? data : concatBytes(data, more)),
    hkdf: (chainingKey, inputKeyMaterial, outputs) =>
      hkdf(hash, inputKeyMaterial, chainingKey, undefined, outputs * hash.outputLen),
  });
  const hashes: Record<HashName, Hash> = {
    SHA256: hashOf(sha256),
    SHA512: hashOf(sha512),
    BLAKE2s: hashOf(blake2s),
    BLAKE2b: hashOf(blake2b),
  };

  return {
    name: 'noble',
    description: 'noble',
    randomBytes,

    x25519PublicKey: (secretKey) => x25519.getPublicKey(secretKey),
    x25519: (secretKey, publicKey) => orBadKey(() => x25519.getSharedSecret(secretKey, publicKey)),

    kemGenerate(seed): KemKeyPair {
      const { publicKey, secretKey } = ml_kem768.keygen(seed);
      return {
        publicKey,
        decapsulate(ciphertext) {
          if (ciphertext.length !== KEM_CIPHERTEXT_LENGTH) {
            throw new NoiseError('bad_length');
          }
          return ml_kem768.decapsulate(ciphertext, secretKey);
        },
        drop: () => void secretKey.fill(0),
      };
    },
    kemEncapsulate(publicKey, seed) {
      const { cipherText, sharedSecret } = orBadKey(() => ml_kem768.encapsulate(publicKey, seed));
      return { ciphertext: cipherText, sharedSecret };
    },

    hash: (name) => hashes[name],

    seal(key, nonce, ad, plaintext, out) {
      chacha20poly1305(key, nonce, ad).encrypt(plaintext, out);
    },
    open(key, nonce, ad, ciphertext, out) {
      try {
        chacha20poly1305(key, nonce, ad).decrypt(ciphertext, out);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** noble refuses what must be refused by itself: only the error becomes ours. */
function orBadKey<T>(operation: () => T): T {
  try {
    return operation();
  } catch (cause) {
    throw new NoiseError('bad_key', { cause });
  }
}
