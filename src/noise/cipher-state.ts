import { type Aead, KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH } from './backend.ts';
import { NoiseError } from './errors.ts';
import { MAX_MESSAGE_LENGTH, MAX_NONCE } from './limits.ts';

/** Noise 5.1: ChaChaPoly's nonce is 4 zero bytes, then the counter as 8 bytes, little-endian. */
const COUNTER_AT = 4;

/** Noise 4.2: REKEY uses the nonce 2^64-1, which no message ever has. */
const REKEY_NONCE = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255);

const EMPTY = new Uint8Array(0);

/**
 * The nonce of a call. It is written anew for each and read before the call returns: one for all of a thread.
 */
const NONCE = new Uint8Array(NONCE_LENGTH);
const NONCE_VIEW = new DataView(NONCE.buffer);

/**
 * Noise 5.1: a key and the number of messages that it has carried.
 *
 * Without a key what is sealed and opened passes unchanged (the handshake begins so). Failure is terminal:
 * whatever throws a NoiseError, `out_of_order` and a too long `seal` apart, has wiped the key, and every
 * later call throws `dead`.
 */
export class CipherState {
  readonly #aead: Aead;
  #key: Uint8Array | undefined;
  #nonce = 0;
  #dead = false;

  /** `key`: 32 bytes, which are copied; without it this state has no key yet. */
  constructor(aead: Aead, key?: Uint8Array) {
    this.#aead = aead;
    if (key !== undefined) {
      this.initializeKey(key);
    }
  }

  /**
   * Noise 5.1, InitializeKey: takes a key of 32 bytes, which are copied, and begins at nonce 0.
   * @throws RangeError, NoiseError `dead`
   */
  initializeKey(key: Uint8Array): void {
    if (this.#dead) {
      throw new NoiseError('dead');
    }
    if (key.length !== KEY_LENGTH) {
      throw new RangeError(`cipher key: ${key.length} bytes, not ${KEY_LENGTH}`);
    }
    this.#key?.fill(0);
    this.#key = Uint8Array.from(key);
    this.#nonce = 0;
  }

  /** Noise 5.1, HasKey. */
  get hasKey(): boolean {
    return this.#key !== undefined;
  }

  /** The nonce of the next message: how many this key has carried. */
  get nonce(): number {
    return this.#nonce;
  }

  /** Noise 5.1, SetNonce. @throws RangeError for a nonce that lies behind: it would be used twice */
  setNonce(nonce: number): void {
    if (!Number.isSafeInteger(nonce) || nonce < this.#nonce) {
      throw new RangeError(`nonce: ${nonce}, and ${this.#nonce} is next`);
    }
    this.#nonce = nonce;
  }

  /** Bytes by which a sealed message is longer than its plaintext: 16, or 0 without a key. */
  get overhead(): number {
    return this.#key === undefined ? 0 : TAG_LENGTH;
  }

  /** Noise 5.1, EncryptWithAd. @throws as {@link sealInto} */
  seal(ad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const out = new Uint8Array(plaintext.length + this.overhead);
    this.sealInto(ad, plaintext, out);
    return out;
  }

  /** Noise 5.1, DecryptWithAd. @throws as {@link openInto} */
  open(ad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const out = new Uint8Array(Math.max(0, ciphertext.length - this.overhead));
    this.openInto(ad, ciphertext, out);
    return out;
  }

  /**
   * Seals into the beginning of `out`, which holds at least `plaintext.length + overhead` bytes and may begin
   * at the same byte of memory as `plaintext`. Returns the bytes written.
   * @throws NoiseError `bad_length` (nothing has changed), `exhausted`, `dead`; RangeError for an `out` too
   *   small
   */
  sealInto(ad: Uint8Array, plaintext: Uint8Array, out: Uint8Array): number {
    if (this.#dead) {
      throw new NoiseError('dead');
    }
    const length = plaintext.length + this.overhead;
    if (length > MAX_MESSAGE_LENGTH) {
      throw new NoiseError('bad_length');
    }
    const target = beginning(out, length);
    if (this.#key === undefined) {
      target.set(plaintext);
    } else {
      this.#aead.seal(this.#key, this.#takeNonce(), ad, plaintext, target);
    }
    return length;
  }

  /**
   * Opens into the beginning of `out`, which holds at least `ciphertext.length - overhead` bytes and may
   * begin at the same byte of memory as `ciphertext`. Returns the bytes written.
   * @throws NoiseError `decrypt_failed`, `bad_length`, `exhausted`, `dead`; RangeError for an `out` too small
   */
  openInto(ad: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): number {
    if (this.#dead) {
      throw new NoiseError('dead');
    }
    const length = ciphertext.length - this.overhead;
    if (length < 0 || ciphertext.length > MAX_MESSAGE_LENGTH) {
      throw this.#fail('bad_length');
    }
    const target = beginning(out, length);
    if (this.#key === undefined) {
      target.set(ciphertext);
    } else if (!this.#aead.open(this.#key, this.#takeNonce(), ad, ciphertext, target)) {
      throw this.#fail('decrypt_failed');
    }
    return length;
  }

  /**
   * Noise 4.2, REKEY: the key becomes a one-way function of itself; the nonce goes on.
   * @throws NoiseError `out_of_order` without a key, `dead`
   */
  rekey(): void {
    if (this.#dead) {
      throw new NoiseError('dead');
    }
    if (this.#key === undefined) {
      throw new NoiseError('out_of_order');
    }
    const block = new Uint8Array(KEY_LENGTH + TAG_LENGTH);
    this.#aead.seal(this.#key, REKEY_NONCE, EMPTY, block.subarray(0, KEY_LENGTH), block);
    this.#key.set(block.subarray(0, KEY_LENGTH));
    block.fill(0);
  }

  /** Wipes the key: every later call throws `dead`. */
  drop(): void {
    this.#key?.fill(0);
    this.#key = undefined;
    this.#dead = true;
  }

  /** The bytes of the next nonce, valid until the next call. It counts as used whatever comes of it. */
  #takeNonce(): Uint8Array {
    if (this.#nonce >= MAX_NONCE) {
      throw this.#fail('exhausted');
    }
    NONCE_VIEW.setUint32(COUNTER_AT, this.#nonce % 2 ** 32, true);
    NONCE_VIEW.setUint32(COUNTER_AT + 4, Math.floor(this.#nonce / 2 ** 32), true);
    this.#nonce++;
    return NONCE;
  }

  #fail(code: 'decrypt_failed' | 'bad_length' | 'exhausted'): NoiseError {
    this.drop();
    return new NoiseError(code);
  }
}

/** Exactly `length` bytes from the beginning of `out`, without a new view where it is as long. */
function beginning(out: Uint8Array, length: number): Uint8Array {
  if (out.length === length) {
    return out;
  }
  if (out.length < length) {
    throw new RangeError(`out: ${out.length} bytes, ${length} needed`);
  }
  return out.subarray(0, length);
}
