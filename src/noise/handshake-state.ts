import { concatBytes } from '@noble/hashes/utils.js';
import {
  type Backend,
  KEM_CIPHERTEXT_LENGTH,
  KEM_PUBLIC_KEY_LENGTH,
  KEM_SEED_LENGTH,
  KEY_LENGTH,
  type KemKeyPair,
  type KeyPair,
  TAG_LENGTH,
} from './backend.ts';
import { chooseBackend } from './choose.ts';
import type { CipherState } from './cipher-state.ts';
import { NoiseError } from './errors.ts';
import { assertKeys, type FixedEphemeral, type HandshakeOptions } from './handshake-options.ts';
import { generateKeyPair, keyPairFromSecret } from './keys.ts';
import { MAX_MESSAGE_LENGTH } from './limits.ts';
import { type DhToken, type Pattern, type Role, senderOf, type Token } from './patterns.ts';
import { protocolOf } from './protocol.ts';
import { SymmetricState } from './symmetric-state.ts';

const EMPTY = new Uint8Array(0);

/** What a finished handshake leaves (Noise 5.2, Split). */
export interface Transport {
  /** Dead from the beginning for the responder of a one-way pattern, who never sends (Noise 7.4). */
  readonly send: CipherState;
  /** Dead from the beginning for the initiator of a one-way pattern. */
  readonly receive: CipherState;
  /**
   * 32 bytes, or 64 with SHA512 and BLAKE2b, equal on both sides and different for every handshake: what
   * other protocols bind to (Noise 11.2).
   */
  readonly handshakeHash: Uint8Array;
  /**
   * The other side's X25519 public key, 32 bytes; empty for a pattern in which it has none. In XX it is
   * proved; how far in others, Noise 7.7 and 18.2 say.
   */
  readonly remoteStaticKey: Uint8Array;
}

/**
 * Noise 5.3: one side of a handshake, an interpreter of its pattern's tokens. Bytes in, bytes out.
 *
 * The sides take turns with `writeMessage` and `readMessage`, the initiator first; when `complete`, `finish`
 * gives the transport ciphers. Failure is terminal: whatever throws, `out_of_order` and a too long payload
 * apart, has wiped the keys, and every later call throws `dead`.
 */
export class HandshakeState {
  readonly #backend: Backend;
  readonly #role: Role;
  readonly #messages: Pattern['messages'];
  readonly #emptyLengths: readonly number[];
  readonly #symmetric: SymmetricState;
  readonly #staticKeys: KeyPair | undefined;
  readonly #presharedKeys: readonly Uint8Array[];
  readonly #fixed: FixedEphemeral | undefined;
  #ephemeralKeys: KeyPair | undefined;
  #kemKeys: KemKeyPair | undefined;
  #remoteEphemeralKey: Uint8Array | undefined;
  #remoteStaticKey: Uint8Array | undefined;
  #remoteKemKey: Uint8Array | undefined;
  #next = 0;
  #psksUsed = 0;
  #dead = false;

  /**
   * Noise 5.3, Initialize.
   * @throws RangeError for a protocol that is not supported, a key that its pattern needs and that is
   *   missing, or one that it has no place for
   */
  constructor(options: HandshakeOptions) {
    const { pattern, hash, emptyLengths } = protocolOf(options.protocol);
    assertKeys(pattern, options);
    this.#backend = options.backend ?? chooseBackend();
    this.#role = options.initiator ? 'initiator' : 'responder';
    this.#messages = pattern.messages;
    this.#emptyLengths = emptyLengths;
    this.#staticKeys = options.staticKeys;
    this.#presharedKeys = options.presharedKeys ?? [];
    this.#remoteStaticKey = options.remoteStaticKey && Uint8Array.from(options.remoteStaticKey);
    this.#fixed = options.ephemeral;
    this.#symmetric = new SymmetricState(this.#backend, this.#backend.hash(hash), options.protocol);
    this.#symmetric.mixHash(options.prologue);
    for (const role of pattern.known) {
      const publicKey = role === this.#role ? this.#staticKeys?.publicKey : this.#remoteStaticKey;
      this.#symmetric.mixHash(known(publicKey));
    }
  }

  /** True when all messages have been written and read, and the handshake has not failed. */
  get complete(): boolean {
    return !this.#dead && this.#next === this.#messages.length;
  }

  /** True when `writeMessage` is next, false when `readMessage` is, or nothing. */
  get myTurn(): boolean {
    return !this.#dead && !this.complete && senderOf(this.#next) === this.#role;
  }

  /** Bytes of the first message when its payload is empty: for XX 32, or 1216 with ML-KEM. */
  get messageOneLength(): number {
    return this.#emptyLengths[0] ?? 0;
  }

  /**
   * The other side's static public key, 32 bytes, once it has come or if it was known beforehand. In XX it is
   * proved to an initiator with the message that brings it. Undefined after a failure.
   */
  get remoteStaticKey(): Uint8Array | undefined {
    return this.#remoteStaticKey;
  }

  /**
   * The next message, which carries `payload`. How well a payload is protected depends on the message: that
   * of the first is sent in the clear (Noise 7.7).
   * @throws NoiseError `out_of_order`, `bad_length` for a payload that does not fit, `bad_key`, `dead`
   */
  writeMessage(payload: Uint8Array): Uint8Array {
    this.#require(this.myTurn);
    if (this.#emptyLength + payload.length > MAX_MESSAGE_LENGTH) {
      throw new NoiseError('bad_length');
    }
    return this.#orDie(() => {
      const parts = this.#tokens.map((token) => this.#writeToken(token));
      parts.push(this.#symmetric.encryptAndHash(payload));
      this.#next++;
      return concatBytes(...parts);
    });
  }

  /**
   * Takes the other side's next message and returns its payload.
   * @throws NoiseError `out_of_order`, `bad_length`, `bad_key`, `decrypt_failed`, `dead`
   */
  readMessage(message: Uint8Array): Uint8Array {
    this.#require(!this.complete && !this.myTurn);
    return this.#orDie(() => {
      if (message.length < this.#emptyLength || message.length > MAX_MESSAGE_LENGTH) {
        throw new NoiseError('bad_length');
      }
      let rest = message;
      for (const token of this.#tokens) {
        rest = rest.subarray(this.#readToken(token, rest));
      }
      const payload = this.#symmetric.decryptAndHash(rest);
      this.#next++;
      return payload;
    });
  }

  /**
   * Noise 5.3, the end: Split. This object is dead afterwards.
   * @throws NoiseError `out_of_order` before the handshake is complete, `dead`
   */
  finish(): Transport {
    this.#require(this.complete);
    const remoteStaticKey = this.#remoteStaticKey ?? EMPTY;
    const { handshakeHash } = this.#symmetric;
    const [first, second] = this.#symmetric.split();
    if (this.#messages.length === 1) {
      second.drop(); // Noise 7.4: nobody uses it
    }
    this.#wipe();
    const [send, receive] = this.#role === 'initiator' ? [first, second] : [second, first];
    return { send, receive, handshakeHash, remoteStaticKey };
  }

  /** Gives up: wipes the keys, and every later call throws `dead`. */
  drop(): void {
    this.#wipe();
    this.#remoteStaticKey = undefined;
  }

  get #tokens(): readonly Token[] {
    return this.#messages[this.#next] ?? [];
  }

  get #emptyLength(): number {
    return this.#emptyLengths[this.#next] ?? 0;
  }

  #writeToken(token: Token): Uint8Array {
    switch (token) {
      case 'e':
        return this.#writeE();
      case 's':
        return this.#symmetric.encryptAndHash(known(this.#staticKeys).publicKey);
      case 'e1':
        return this.#writeE1();
      case 'ekem1':
        return this.#writeEkem1();
      case 'psk':
        this.#mixPsk();
        return EMPTY;
      default:
        this.#mixDh(token);
        return EMPTY;
    }
  }

  /** Reads what a token has at the beginning of `rest` and returns how many bytes that was. */
  #readToken(token: Token, rest: Uint8Array): number {
    switch (token) {
      case 'e':
        return this.#readE(rest.subarray(0, KEY_LENGTH));
      case 's':
        return this.#readS(rest.subarray(0, KEY_LENGTH + this.#tag));
      case 'e1':
        return this.#readE1(rest.subarray(0, KEM_PUBLIC_KEY_LENGTH + this.#tag));
      case 'ekem1':
        return this.#readEkem1(rest.subarray(0, KEM_CIPHERTEXT_LENGTH + this.#tag));
      case 'psk':
        this.#mixPsk();
        return 0;
      default:
        this.#mixDh(token);
        return 0;
    }
  }

  /** Bytes that encryption adds at this moment. */
  get #tag(): number {
    return this.#symmetric.hasKey ? TAG_LENGTH : 0;
  }

  #writeE(): Uint8Array {
    this.#ephemeralKeys =
      this.#fixed === undefined
        ? generateKeyPair(this.#backend)
        : keyPairFromSecret(this.#fixed.secretKey, this.#backend);
    this.#mixE(this.#ephemeralKeys.publicKey);
    return this.#ephemeralKeys.publicKey;
  }

  #readE(publicKey: Uint8Array): number {
    this.#remoteEphemeralKey = Uint8Array.from(publicKey);
    this.#mixE(publicKey);
    return publicKey.length;
  }

  /** Noise 9.2: where there are pre-shared keys an ephemeral key also randomizes the cipher's key. */
  #mixE(publicKey: Uint8Array): void {
    this.#symmetric.mixHash(publicKey);
    if (this.#presharedKeys.length > 0) {
      this.#symmetric.mixKey(publicKey);
    }
  }

  #readS(sealed: Uint8Array): number {
    this.#remoteStaticKey = this.#symmetric.decryptAndHash(sealed);
    return sealed.length;
  }

  #writeE1(): Uint8Array {
    const seed = this.#fixed?.kemSeed ?? this.#backend.randomBytes(KEM_SEED_LENGTH);
    this.#kemKeys = this.#backend.kemGenerate(seed);
    if (seed !== this.#fixed?.kemSeed) {
      seed.fill(0);
    }
    return this.#symmetric.encryptAndHash(this.#kemKeys.publicKey);
  }

  #readE1(sealed: Uint8Array): number {
    this.#remoteKemKey = this.#symmetric.decryptAndHash(sealed);
    return sealed.length;
  }

  #writeEkem1(): Uint8Array {
    const publicKey = known(this.#remoteKemKey);
    const { ciphertext, sharedSecret } = this.#backend.kemEncapsulate(
      publicKey,
      this.#fixed?.encapsulationSeed,
    );
    const sealed = this.#symmetric.encryptAndHash(ciphertext);
    this.#mixSecret(sharedSecret);
    return sealed;
  }

  #readEkem1(sealed: Uint8Array): number {
    const ciphertext = this.#symmetric.decryptAndHash(sealed);
    this.#mixSecret(known(this.#kemKeys).decapsulate(ciphertext));
    return sealed.length;
  }

  /** Noise 7.1: the first letter is the initiator's key, the second the responder's. */
  #mixDh(token: DhToken): void {
    const [ours, theirs] = this.#role === 'initiator' ? [token[0], token[1]] : [token[1], token[0]];
    const { secretKey } = known(ours === 'e' ? this.#ephemeralKeys : this.#staticKeys);
    const publicKey = known(theirs === 'e' ? this.#remoteEphemeralKey : this.#remoteStaticKey);
    this.#mixSecret(this.#backend.x25519(secretKey, publicKey));
  }

  #mixPsk(): void {
    this.#symmetric.mixKeyAndHash(known(this.#presharedKeys[this.#psksUsed]));
    this.#psksUsed++;
  }

  #mixSecret(secret: Uint8Array): void {
    this.#symmetric.mixKey(secret);
    secret.fill(0);
  }

  #require(turn: boolean): void {
    if (this.#dead) {
      throw new NoiseError('dead');
    }
    if (!turn) {
      throw new NoiseError('out_of_order');
    }
  }

  #orDie<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  #wipe(): void {
    this.#dead = true;
    this.#ephemeralKeys?.secretKey.fill(0);
    this.#kemKeys?.drop();
    this.#symmetric.drop();
  }
}

/** Patterns never use a key before it is there (Noise 7.3): if one is missing here, the table is wrong. */
function known<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('the pattern uses a key that it has not sent');
  }
  return value;
}
