/** Bytes of a symmetric key, and of an X25519 secret key, public key and shared secret. */
export const KEY_LENGTH = 32;
/** Bytes of a pre-shared key (Noise 9). */
export const PSK_LENGTH = 32;
/** Bytes of a ChaCha20-Poly1305 nonce (RFC 8439 2.8). */
export const NONCE_LENGTH = 12;
/** Bytes that authentication adds to a plaintext (RFC 8439 2.8). */
export const TAG_LENGTH = 16;
/** Bytes of an ML-KEM-768 key generation seed, d and z (FIPS 203 7.1). */
export const KEM_SEED_LENGTH = 64;
/** Bytes of an ML-KEM-768 encapsulation key (FIPS 203, table 3). */
export const KEM_PUBLIC_KEY_LENGTH = 1184;
/** Bytes of an ML-KEM-768 ciphertext (FIPS 203, table 3). */
export const KEM_CIPHERTEXT_LENGTH = 1088;

/** An X25519 key pair (RFC 7748). */
export interface KeyPair {
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** An ML-KEM-768 key pair (FIPS 203). The secret half stays with the backend that made it. */
export interface KemKeyPair {
  /** The encapsulation key, 1184 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * The shared secret, 32 bytes, of a ciphertext of 1088 bytes; a changed ciphertext gives another secret,
   * not an error (FIPS 203 6.3).
   * @throws NoiseError `bad_length`
   */
  decapsulate(ciphertext: Uint8Array): Uint8Array;
  /** Forgets the secret half. */
  drop(): void;
}

/** An authenticated cipher with a 32-byte key, a 12-byte nonce and a 16-byte tag behind the ciphertext. */
export interface Aead {
  /**
   * Writes `plaintext.length + 16` bytes, which is the length of `out`. `out` may begin at the first byte of
   * `plaintext` in the same memory; no other overlap is allowed.
   */
  seal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void;
  /**
   * Writes `ciphertext.length - 16` bytes, which is the length of `out`; overlap as in `seal`.
   * False when the ciphertext does not authenticate: `out` is then as it was, or zero.
   */
  open(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): boolean;
}

/** The hash functions of Noise 12.5 to 12.8, as a protocol's name calls them. */
export type HashName = 'SHA256' | 'SHA512' | 'BLAKE2s' | 'BLAKE2b';

/** A hash function, and the key derivation that Noise builds on it. */
export interface Hash {
  /** HASHLEN: bytes of a result, 32 or 64. */
  readonly length: number;
  /** The hash of `data`, and of what `more` puts behind it. */
  digest(data: Uint8Array, more?: Uint8Array): Uint8Array;
  /** Noise 4.3, HKDF (RFC 5869 without info): `outputs` results of HASHLEN bytes, one behind the other. */
  hkdf(chainingKey: Uint8Array, inputKeyMaterial: Uint8Array, outputs: 2 | 3): Uint8Array;
}

/**
 * The cryptography that Noise is built on. All implementations give the same bytes. As an Aead:
 * ChaCha20-Poly1305 (RFC 8439).
 */
export interface Backend extends Aead {
  /** What it is chosen by. */
  readonly name: BackendName;
  /** For people: the name, and which libraries do the work. */
  readonly description: string;
  /** The same object for every call. */
  hash(name: HashName): Hash;
  /** So many bytes that nobody can guess. */
  randomBytes(length: number): Uint8Array;
  /** The public key, 32 bytes, of a secret key of 32 bytes. */
  x25519PublicKey(secretKey: Uint8Array): Uint8Array;
  /** The shared secret, 32 bytes. @throws NoiseError `bad_key` when it would be all zero (RFC 7748 6.1) */
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** The ML-KEM-768 key pair of a seed of 64 bytes. */
  kemGenerate(seed: Uint8Array): KemKeyPair;
  /**
   * A fresh shared secret of 32 bytes, and the ciphertext of 1088 bytes that carries it to the owner of
   * `publicKey`. `seed`, 32 bytes, takes the place of the randomness; for test vectors only.
   * @throws NoiseError `bad_key` for a public key that fails the checks of FIPS 203 7.2
   */
  kemEncapsulate(publicKey: Uint8Array, seed?: Uint8Array): Encapsulation;
}

/** What encapsulation makes: see {@link Backend.kemEncapsulate}. */
export interface Encapsulation {
  readonly ciphertext: Uint8Array;
  readonly sharedSecret: Uint8Array;
}

/** `noble`: TypeScript alone, everywhere. `native`: libsodium where it is installed, and OpenSSL. */
export type BackendName = 'noble' | 'native';
