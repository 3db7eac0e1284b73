import { KEM_CIPHERTEXT_LENGTH, KEM_PUBLIC_KEY_LENGTH, KEY_LENGTH, TAG_LENGTH } from './backend.ts';

/** A Diffie-Hellman between the initiator's key (first letter) and the responder's (second): ephemeral or static. */
export type DhToken = 'ee' | 'es' | 'se' | 'ss';

/**
 * A step of a message (Noise 7.1). `e`, `s`: a public key is sent. `e1`: an ML-KEM public key is sent;
 * `ekem1`: a ciphertext for it (the `hfs` extension with a KEM).
 */
export type Token = 'e' | 's' | DhToken | 'e1' | 'ekem1';

/** The messages of a handshake, each a row of tokens; the initiator sends the first, then they take turns. */
export type Pattern = readonly (readonly Token[])[];

/** A row of the table of protocols. */
export interface Protocol {
  readonly messages: Pattern;
  /** Which of the backend's hashes. */
  readonly hash: 'sha256';
}

/*
 *   -> e
 *   <- e, ee, s, es
 *   -> s, se
 */
const XX: Pattern = [['e'], ['e', 'ee', 's', 'es'], ['s', 'se']];

/*
 *   -> e, e1
 *   <- e, ee, ekem1, s, es
 *   -> s, se
 */
const XXhfs: Pattern = [
  ['e', 'e1'],
  ['e', 'ee', 'ekem1', 's', 'es'],
  ['s', 'se'],
];

/** Every protocol that can be spoken, under its full name (Noise 8). */
export const PROTOCOLS = {
  Noise_XX_25519_ChaChaPoly_SHA256: { messages: XX, hash: 'sha256' },
  'Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256': { messages: XXhfs, hash: 'sha256' },
} as const satisfies Record<string, Protocol>;

/** The full name of a protocol. */
export type ProtocolName = keyof typeof PROTOCOLS;

/** Bytes that a token sends, before encryption. */
const SENT: Partial<Record<Token, number>> = {
  e: KEY_LENGTH,
  s: KEY_LENGTH,
  e1: KEM_PUBLIC_KEY_LENGTH,
  ekem1: KEM_CIPHERTEXT_LENGTH,
};

/** The tokens that end in MixKey: from there on what is sent is encrypted. */
const KEYING: readonly Token[] = ['ee', 'es', 'se', 'ss', 'ekem1'];

/** Bytes of each message of a pattern when its payload is empty. */
export function emptyLengths(pattern: Pattern): number[] {
  let tag = 0;
  return pattern.map((tokens) => {
    let length = 0;
    for (const token of tokens) {
      const sent = SENT[token];
      if (sent !== undefined) length += token === 'e' ? sent : sent + tag;
      if (KEYING.includes(token)) tag = TAG_LENGTH;
    }
    return length + tag;
  });
}
