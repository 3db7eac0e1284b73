import crypto from 'node:crypto';
import {
  type Aead,
  type Encapsulation,
  type Hash,
  type HashName,
  KEM_CIPHERTEXT_LENGTH,
  KEM_PUBLIC_KEY_LENGTH,
  KEM_SEED_LENGTH,
  KEY_LENGTH,
  type KemKeyPair,
  TAG_LENGTH,
} from './backend.ts';
import { NoiseError } from './errors.ts';

/**
 * A key as DER: a fixed prefix, then `length` raw bytes. node:crypto takes raw keys since Node 26 only, no
 * faster.
 */
interface KeyFormat {
  readonly prefix: Uint8Array;
  readonly length: number;
}

/** RFC 8410. */
const X25519_SECRET: KeyFormat = {
  prefix: fromHex('302e020100300506032b656e04220420'),
  length: KEY_LENGTH,
};
const X25519_PUBLIC: KeyFormat = { prefix: fromHex('302a300506032b656e032100'), length: KEY_LENGTH };

/** draft-ietf-lamps-kyber-certificates. */
const KEM_SEED: KeyFormat = {
  prefix: fromHex('3054020100300b060960864801650304040204428040'),
  length: KEM_SEED_LENGTH,
};
const KEM_PUBLIC: KeyFormat = {
  prefix: fromHex('308204b2300b0609608648016503040402038204a100'),
  length: KEM_PUBLIC_KEY_LENGTH,
};

const EMPTY = new Uint8Array(0);

function fromHex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

/** OpenSSL reads no further than the DER says: what is too long must be refused here. */
function encode({ prefix, length }: KeyFormat, raw: Uint8Array): Buffer {
  if (raw.length !== length) {
    throw new RangeError(`key: ${raw.length} bytes, not ${length}`);
  }
  return Buffer.concat([prefix, raw]);
}

function importSecret(format: KeyFormat, raw: Uint8Array): crypto.KeyObject {
  const key = encode(format, raw);
  try {
    return crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } finally {
    key.fill(0);
  }
}

function importPublic(format: KeyFormat, raw: Uint8Array): crypto.KeyObject {
  return crypto.createPublicKey({ key: encode(format, raw), format: 'der', type: 'spki' });
}

function exportPublic(format: KeyFormat, secretKey: crypto.KeyObject): Uint8Array {
  const der = crypto.createPublicKey(secretKey).export({ format: 'der', type: 'spki' });
  return new Uint8Array(der.subarray(format.prefix.length));
}

/** X25519 by OpenSSL, which refuses an all-zero result by itself. */
export const opensslX25519 = {
  x25519PublicKey(secretKey: Uint8Array): Uint8Array {
    return exportPublic(X25519_PUBLIC, importSecret(X25519_SECRET, secretKey));
  },
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
    const privateKey = importSecret(X25519_SECRET, secretKey);
    try {
      return new Uint8Array(
        crypto.diffieHellman({ privateKey, publicKey: importPublic(X25519_PUBLIC, publicKey) }),
      );
    } catch (cause) {
      throw new NoiseError('bad_key', { cause });
    }
  },
};

/** ChaCha20-Poly1305 by OpenSSL. Each call costs some 5 µs before the first byte: meant for large records. */
export const opensslAead: Aead = {
  seal(key, nonce, ad, plaintext, out) {
    const cipher = crypto.createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_LENGTH });
    if (ad.length > 0) {
      cipher.setAAD(ad, { plaintextLength: plaintext.length });
    }
    out.set(cipher.update(plaintext));
    cipher.final();
    out.set(cipher.getAuthTag(), plaintext.length);
  },
  open(key, nonce, ad, ciphertext, out) {
    const length = ciphertext.length - TAG_LENGTH;
    const decipher = crypto.createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAuthTag(ciphertext.subarray(length));
    if (ad.length > 0) {
      decipher.setAAD(ad, { plaintextLength: length });
    }
    const plaintext = decipher.update(ciphertext.subarray(0, length));
    try {
      decipher.final();
    } catch {
      return false;
    }
    out.set(plaintext);
    return true;
  },
};

/** A hash by OpenSSL: a whole HKDF costs it about what two HMACs cost, here or in libsodium. */
function opensslHash(algorithm: string, length: number): Hash {
  return {
    length,
    digest: (data, more) =>
      new Uint8Array(
        crypto.hash(algorithm, more === undefined ? data : Buffer.concat([data, more]), 'buffer'),
      ),
    hkdf: (chainingKey, inputKeyMaterial, outputs) =>
      new Uint8Array(crypto.hkdfSync(algorithm, inputKeyMaterial, chainingKey, EMPTY, outputs * length)),
  };
}

export const opensslHashes: Readonly<Record<HashName, Hash>> = {
  SHA256: opensslHash('sha256', 32),
  SHA512: opensslHash('sha512', 64),
  BLAKE2s: opensslHash('blake2s256', 32),
  BLAKE2b: opensslHash('blake2b512', 64),
};

/**
 * ML-KEM-768 by OpenSSL 3.5 or later, which makes the checks of FIPS 203 7.2 when it imports a public key.
 */
export const opensslKem = {
  /** False where this Node, or the OpenSSL that it is built on, has no ML-KEM. */
  available(): boolean {
    try {
      const pair = opensslKem.kemGenerate(new Uint8Array(KEM_SEED_LENGTH));
      const { ciphertext } = opensslKem.kemEncapsulate(pair.publicKey);
      return pair.decapsulate(ciphertext).length > 0;
    } catch {
      return false;
    }
  },
  kemGenerate(seed: Uint8Array): KemKeyPair {
    let privateKey: crypto.KeyObject | undefined = importSecret(KEM_SEED, seed);
    return {
      publicKey: exportPublic(KEM_PUBLIC, privateKey),
      decapsulate(ciphertext) {
        if (ciphertext.length !== KEM_CIPHERTEXT_LENGTH) {
          throw new NoiseError('bad_length');
        }
        if (privateKey === undefined) {
          throw new NoiseError('dead');
        }
        return new Uint8Array(crypto.decapsulate(privateKey, ciphertext));
      },
      // OpenSSL wipes the key when the object is collected.
      drop() {
        privateKey = undefined;
      },
    };
  },
  kemEncapsulate(publicKey: Uint8Array): Encapsulation {
    try {
      const { ciphertext, sharedKey } = crypto.encapsulate(importPublic(KEM_PUBLIC, publicKey));
      return { ciphertext: new Uint8Array(ciphertext), sharedSecret: new Uint8Array(sharedKey) };
    } catch (cause) {
      throw new NoiseError('bad_key', { cause });
    }
  },
};
