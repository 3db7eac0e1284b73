import {
  type Aead,
  type Backend,
  type Hash,
  KEM_CIPHERTEXT_LENGTH,
  KEM_PUBLIC_KEY_LENGTH,
  KEY_LENGTH,
  type KemKeyPair,
  NoiseError,
  TAG_LENGTH,
} from '../noise/support/internals.ts';

/** The last byte of a tag that does not authenticate. */
const FORGED = 0xff;

/**
 * Cryptography made of paper: it keeps every length and every way to fail, costs nothing, and anybody can
 * forge it.
 */
export class PaperBackend implements Backend {
  readonly name = 'native';
  readonly description = 'paper';
  /** How many key agreements and encapsulations were asked for: what real cryptography makes expensive. */
  agreements = 0;

  randomBytes(length: number): Uint8Array {
    return new Uint8Array(length);
  }

  x25519PublicKey(): Uint8Array {
    this.agreements++;
    return new Uint8Array(KEY_LENGTH).fill(9);
  }

  /** As with a low-order point, a public key of zeros is refused. */
  x25519(_secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
    this.agreements++;
    if (publicKey.every((byte) => byte === 0)) {
      throw new NoiseError('bad_key');
    }
    return Uint8Array.from(publicKey);
  }

  kemGenerate(): KemKeyPair {
    this.agreements++;
    return {
      publicKey: new Uint8Array(KEM_PUBLIC_KEY_LENGTH),
      decapsulate(ciphertext) {
        if (ciphertext.length !== KEM_CIPHERTEXT_LENGTH) {
          throw new NoiseError('bad_length');
        }
        return new Uint8Array(KEY_LENGTH);
      },
      drop() {},
    };
  }

  kemEncapsulate(publicKey: Uint8Array): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
    this.agreements++;
    if (publicKey[0] === FORGED) {
      throw new NoiseError('bad_key');
    }
    return { ciphertext: new Uint8Array(KEM_CIPHERTEXT_LENGTH), sharedSecret: new Uint8Array(KEY_LENGTH) };
  }

  hash(): Hash {
    return HASH;
  }

  /** The tag is zeros. */
  seal(_key: Uint8Array, _nonce: Uint8Array, _ad: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void {
    out.set(plaintext);
    out.fill(0, plaintext.length);
  }

  open(
    _key: Uint8Array,
    _nonce: Uint8Array,
    _ad: Uint8Array,
    ciphertext: Uint8Array,
    out: Uint8Array,
  ): boolean {
    if (ciphertext.at(-1) === FORGED) {
      return false;
    }
    out.set(ciphertext.subarray(0, ciphertext.length - TAG_LENGTH));
    return true;
  }
}

const HASH: Hash = {
  length: KEY_LENGTH,
  digest: () => new Uint8Array(KEY_LENGTH),
  hkdf: (_chainingKey, _inputKeyMaterial, outputs) => new Uint8Array(outputs * KEY_LENGTH),
};

/** An Aead that costs next to nothing: it sees every byte that was changed by chance, and stops nobody. */
export class PaperAead implements Aead {
  seal(key: Uint8Array, nonce: Uint8Array, _ad: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void {
    let sum = begin(key, nonce);
    for (let at = 0; at < plaintext.length; at++) {
      const byte = (plaintext[at] ?? 0) ^ (key[at & 31] ?? 0) ^ (nonce[11] ?? 0);
      out[at] = byte;
      sum = Math.imul(sum ^ byte, FNV_PRIME);
    }
    for (let i = 0; i < TAG_LENGTH; i++) {
      out[plaintext.length + i] = sum >>> (8 * (i & 3));
    }
  }

  open(
    key: Uint8Array,
    nonce: Uint8Array,
    _ad: Uint8Array,
    ciphertext: Uint8Array,
    out: Uint8Array,
  ): boolean {
    const end = ciphertext.length - TAG_LENGTH;
    let sum = begin(key, nonce);
    for (let at = 0; at < end; at++) {
      sum = Math.imul(sum ^ (ciphertext[at] ?? 0), FNV_PRIME);
    }
    for (let i = 0; i < TAG_LENGTH; i++) {
      if (ciphertext[end + i] !== ((sum >>> (8 * (i & 3))) & 0xff)) {
        return false;
      }
    }
    for (let at = 0; at < end; at++) {
      out[at] = (ciphertext[at] ?? 0) ^ (key[at & 31] ?? 0) ^ (nonce[11] ?? 0);
    }
    return true;
  }
}

/** FNV-1a in 32 bits. */
const FNV_PRIME = 0x0100_0193;

function begin(key: Uint8Array, nonce: Uint8Array): number {
  let sum = Math.imul(0x811c_9dc5 ^ (key[0] ?? 0), FNV_PRIME);
  for (const byte of nonce) {
    sum = Math.imul(sum ^ byte, FNV_PRIME);
  }
  return sum;
}
