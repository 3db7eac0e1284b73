/** Bytes of a Noise message, handshake or transport, tags included: its length fits 16 bits (Noise 3). */
export const MAX_MESSAGE_LENGTH = 65535;

/**
 * A nonce never reaches this number. Noise 5.1 reserves 2^64-1 only; this is the last integer that a
 * JavaScript number counts to exactly, and at a million messages a second it is 285 years away.
 */
export const MAX_NONCE = Number.MAX_SAFE_INTEGER;
