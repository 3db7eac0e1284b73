import { createRequire } from 'node:module';
import { type Aead, type Hash, KEM_PUBLIC_KEY_LENGTH, KEY_LENGTH } from './backend.ts';
import { NoiseError } from './errors.ts';

/** The functions of the addon `sodium-native` that are used here; results go into the first argument. */
export interface Sodium {
  randombytes_buf(out: Uint8Array): void;
  crypto_hash_sha256(digest: Uint8Array, data: Uint8Array): void;
  crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void;
  /** @throws Error when the result is all zero */
  crypto_scalarmult(shared: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void;
  crypto_aead_chacha20poly1305_ietf_encrypt(
    ciphertext: Uint8Array,
    plaintext: Uint8Array,
    ad: Uint8Array,
    unused: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
  /** @throws Error when the ciphertext does not authenticate */
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
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    return undefined;
  }
}

/** The version of the installed package, for people. */
export function sodiumVersion(): string {
  return createRequire(import.meta.url)('sodium-native/package.json').version;
}

/*
 * libsodium reads and writes the small things here: memory that a native function has never seen before costs
 * it 0.5 µs, and the garbage collector more, where the work itself costs 0.5. What is secret is wiped after
 * each use.
 */
const RESULT = new Uint8Array(KEY_LENGTH);
const KEY = new Uint8Array(KEY_LENGTH);
const POINT = new Uint8Array(KEY_LENGTH);
const AD = new Uint8Array(KEY_LENGTH);
const SMALL = new Uint8Array(64);
/**
 * What is hashed in one piece: the hash so far and a handshake message. What is longer is put together
 * elsewhere.
 */
const HASHED = new Uint8Array(2 * KEM_PUBLIC_KEY_LENGTH);
const NOTHING = new Uint8Array(0);

/** A copy of what `from` has, which is wiped. */
function take(from: Uint8Array): Uint8Array {
  const copy = from.slice();
  from.fill(0);
  return copy;
}

/** Random bytes of the system. */
export function sodiumRandom(sodium: Sodium): (length: number) => Uint8Array {
  return (length) => {
    const bytes = length <= SMALL.length ? SMALL.subarray(0, length) : new Uint8Array(length);
    sodium.randombytes_buf(bytes);
    return length <= SMALL.length ? take(bytes) : bytes;
  };
}

/** X25519: raw bytes in and out. */
export function sodiumX25519(sodium: Sodium) {
  return {
    x25519PublicKey(secretKey: Uint8Array): Uint8Array {
      requireKeys(secretKey);
      KEY.set(secretKey);
      sodium.crypto_scalarmult_base(RESULT, KEY);
      KEY.fill(0);
      return take(RESULT);
    },
    x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
      requireKeys(secretKey, publicKey);
      KEY.set(secretKey);
      POINT.set(publicKey);
      try {
        sodium.crypto_scalarmult(RESULT, KEY, POINT);
      } catch (cause) {
        throw new NoiseError('bad_key', { cause });
      } finally {
        KEY.fill(0);
      }
      return take(RESULT);
    },
  };
}

function requireKeys(...keys: readonly Uint8Array[]): void {
  for (const { length } of keys) {
    if (length !== KEY_LENGTH) {
      throw new NoiseError('bad_key');
    }
  }
}

/**
 * SHA-256, which libsodium has done for a small thing before OpenSSL has begun. Key derivation is
 * `openssl`'s: six hashes one by one cost as much here.
 */
export function sodiumSha256(sodium: Sodium, openssl: Hash): Hash {
  return {
    ...openssl,
    digest(data, more = NOTHING) {
      const length = data.length + more.length;
      if (length > HASHED.length) {
        return openssl.digest(data, more);
      }
      HASHED.set(data);
      HASHED.set(more, data.length);
      sodium.crypto_hash_sha256(RESULT, HASHED.subarray(0, length));
      return RESULT.slice();
    },
  };
}

/** ChaCha20-Poly1305, which works in place as it is. */
export function sodiumAead(sodium: Sodium): Aead {
  const seal = sodium.crypto_aead_chacha20poly1305_ietf_encrypt;
  const open = sodium.crypto_aead_chacha20poly1305_ietf_decrypt;
  return {
    seal(key, nonce, ad, plaintext, out) {
      KEY.set(key);
      const small = out.length <= SMALL.length;
      const text = small ? SMALL.subarray(0, plaintext.length) : plaintext;
      const sealed = small ? SMALL.subarray(0, out.length) : out;
      if (small) {
        text.set(plaintext);
      }
      try {
        seal(sealed, text, seenBefore(ad), null, nonce, KEY);
        if (small) {
          out.set(sealed);
        }
      } finally {
        KEY.fill(0);
        // Of REKEY what is sealed is the next key.
        if (small) {
          SMALL.fill(0);
        }
      }
    },
    open(key, nonce, ad, ciphertext, out) {
      KEY.set(key);
      const small = ciphertext.length <= SMALL.length;
      const sealed = small ? SMALL.subarray(0, ciphertext.length) : ciphertext;
      const text = small ? SMALL.subarray(0, out.length) : out;
      if (small) {
        sealed.set(ciphertext);
      }
      try {
        open(text, null, sealed, seenBefore(ad), nonce, KEY);
        if (small) {
          out.set(text);
        }
        return true;
      } catch {
        return false;
      } finally {
        KEY.fill(0);
        if (small) {
          SMALL.fill(0);
        }
      }
    },
  };
}

function seenBefore(ad: Uint8Array): Uint8Array {
  if (ad.length !== AD.length) {
    return ad;
  }
  AD.set(ad);
  return AD;
}
