import { createRequire } from 'node:module';
import { type Aead, KEY_LENGTH } from './backend.ts';
import { NoiseError } from './errors.ts';

const require = createRequire(import.meta.url);

/** The functions of the addon `sodium-native` that are used here; results go into the first argument. */
export interface Sodium {
  crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void;
  /** Throws when the result is all zero. */
  crypto_scalarmult(shared: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void;
  crypto_aead_chacha20poly1305_ietf_encrypt(
    ciphertext: Uint8Array,
    plaintext: Uint8Array,
    ad: Uint8Array,
    unused: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
  /** Throws when the ciphertext does not authenticate. */
  crypto_aead_chacha20poly1305_ietf_decrypt(
    plaintext: Uint8Array,
    unused: null,
    ciphertext: Uint8Array,
    ad: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
}

/** libsodium, if the optional package `sodium-native` is installed and runs here. */
export function loadSodium(): Sodium | undefined {
  try {
    return require('sodium-native') as Sodium;
  } catch {
    return undefined;
  }
}

/** The version of the installed package, for people. */
export function sodiumVersion(): string {
  const { version } = require('sodium-native/package.json') as { readonly version: string };
  return version;
}

/** X25519 by libsodium: raw bytes in and out. */
export function sodiumX25519(sodium: Sodium) {
  return {
    x25519PublicKey(secretKey: Uint8Array): Uint8Array {
      const publicKey = new Uint8Array(KEY_LENGTH);
      sodium.crypto_scalarmult_base(publicKey, secretKey);
      return publicKey;
    },
    x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
      const shared = new Uint8Array(KEY_LENGTH);
      try {
        sodium.crypto_scalarmult(shared, secretKey, publicKey);
      } catch (cause) {
        throw new NoiseError('bad_key', { cause });
      }
      return shared;
    },
  };
}

/** ChaCha20-Poly1305 by libsodium, which works in place as it is. */
export function sodiumAead(sodium: Sodium): Aead {
  return {
    seal(key, nonce, ad, plaintext, out) {
      sodium.crypto_aead_chacha20poly1305_ietf_encrypt(out, plaintext, ad, null, nonce, key);
    },
    open(key, nonce, ad, ciphertext, out) {
      try {
        sodium.crypto_aead_chacha20poly1305_ietf_decrypt(out, null, ciphertext, ad, nonce, key);
        return true;
      } catch {
        return false;
      }
    },
  };
}
