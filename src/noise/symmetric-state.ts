import { type Backend, type Hash, KEY_LENGTH } from './backend.ts';
import { CipherState } from './cipher-state.ts';

const EMPTY = new Uint8Array(0);

/** Noise 5.2: the chaining key, the hash of all that was said, and the cipher of the moment. */
export class SymmetricState {
  readonly #backend: Backend;
  readonly #hash: Hash;
  readonly #cipher: CipherState;
  readonly #chainingKey: Uint8Array;
  #handshakeHash: Uint8Array;

  /** Noise 5.2, InitializeSymmetric: a name that fits is padded with zeros, a longer one is hashed. */
  constructor(backend: Backend, hash: Hash, protocolName: string) {
    this.#backend = backend;
    this.#hash = hash;
    this.#cipher = new CipherState(backend);
    const name = new TextEncoder().encode(protocolName);
    if (name.length <= hash.length) {
      this.#handshakeHash = new Uint8Array(hash.length);
      this.#handshakeHash.set(name);
    } else {
      this.#handshakeHash = hash.digest(name);
    }
    this.#chainingKey = Uint8Array.from(this.#handshakeHash);
  }

  /** Noise 5.2, MixKey. */
  mixKey(inputKeyMaterial: Uint8Array): void {
    const outputs = this.#hash.hkdf(this.#chainingKey, inputKeyMaterial, 2);
    this.#chainingKey.set(outputs.subarray(0, this.#hash.length));
    this.#cipher.initializeKey(this.#key(outputs, 1));
    outputs.fill(0);
  }

  /** Noise 5.2, MixKeyAndHash: for pre-shared keys. */
  mixKeyAndHash(inputKeyMaterial: Uint8Array): void {
    const { length } = this.#hash;
    const outputs = this.#hash.hkdf(this.#chainingKey, inputKeyMaterial, 3);
    this.#chainingKey.set(outputs.subarray(0, length));
    this.mixHash(outputs.subarray(length, 2 * length));
    this.#cipher.initializeKey(this.#key(outputs, 2));
    outputs.fill(0);
  }

  /** Noise 5.2, MixHash. */
  mixHash(data: Uint8Array): void {
    this.#handshakeHash = this.#hash.digest(this.#handshakeHash, data);
  }

  /** Noise 5.2, EncryptAndHash. */
  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#cipher.seal(this.#handshakeHash, plaintext);
    this.mixHash(ciphertext);
    return ciphertext;
  }

  /** Noise 5.2, DecryptAndHash. @throws NoiseError `decrypt_failed`, `bad_length`, `dead` */
  decryptAndHash(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.#cipher.open(this.#handshakeHash, ciphertext);
    this.mixHash(ciphertext);
    return plaintext;
  }

  /**
   * Noise 5.2, GetHandshakeHash: the same bytes on both sides, and different for every handshake; it is not
   * secret.
   */
  get handshakeHash(): Uint8Array {
    return this.#handshakeHash;
  }

  /** Noise 5.2, HasKey of the cipher: whether what is encrypted now really is. */
  get hasKey(): boolean {
    return this.#cipher.hasKey;
  }

  /** Noise 5.2, Split: the initiator's sending cipher, then the responder's. */
  split(): [CipherState, CipherState] {
    const outputs = this.#hash.hkdf(this.#chainingKey, EMPTY, 2);
    const first = new CipherState(this.#backend, this.#key(outputs, 0));
    const second = new CipherState(this.#backend, this.#key(outputs, 1));
    outputs.fill(0);
    return [first, second];
  }

  /** Wipes what is secret. */
  drop(): void {
    this.#chainingKey.fill(0);
    this.#cipher.drop();
  }

  /** An output of HKDF as a cipher's key: its first 32 bytes (Noise 5.2 cuts those of a longer hash). */
  #key(outputs: Uint8Array, index: number): Uint8Array {
    const start = index * this.#hash.length;
    return outputs.subarray(start, start + KEY_LENGTH);
  }
}
