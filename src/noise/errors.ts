/** What went wrong, for code to branch on. */
export type NoiseErrorCode =
  /** A ciphertext does not authenticate: wrong key, wrong nonce, or changed on its way. */
  | 'decrypt_failed'
  /** A key that no honest side has: a low-order X25519 point, or an ML-KEM key that fails FIPS 203 7.2. */
  | 'bad_key'
  /** A message longer than {@link MAX_MESSAGE_LENGTH}, or too short for what it must hold. */
  | 'bad_length'
  /** The nonces of a key are used up. */
  | 'exhausted'
  /** Called when it is not this call's turn. Nothing has changed. */
  | 'out_of_order'
  /** Called after a failure, after the end of the handshake, or after `drop`: there are no keys any more. */
  | 'dead';

const MESSAGES: Record<NoiseErrorCode, string> = {
  decrypt_failed: 'the message does not authenticate',
  bad_key: 'the public key is not acceptable',
  bad_length: 'the message is too short or too long',
  exhausted: 'no nonce is left under this key',
  out_of_order: 'not now',
  dead: 'the keys are gone',
};

/**
 * The one error of this room. Its texts are fixed: they never show what a remote sent, nor anything secret.
 */
export class NoiseError extends Error {
  readonly code: NoiseErrorCode;

  constructor(code: NoiseErrorCode, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = 'NoiseError';
    this.code = code;
  }
}
