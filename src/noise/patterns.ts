import { KEM_CIPHERTEXT_LENGTH, KEM_PUBLIC_KEY_LENGTH, KEY_LENGTH, TAG_LENGTH } from './backend.ts';

/** The two sides of a handshake: the initiator sends first. */
export type Role = 'initiator' | 'responder';

/**
 * A Diffie-Hellman between the initiator's key (first letter) and the responder's (second): ephemeral or
 * static.
 */
export type DhToken = 'ee' | 'es' | 'se' | 'ss';

/**
 * A step of a message (Noise 7.1). `e`, `s`: a public key is sent. `psk`: a pre-shared key is mixed in (Noise
 * 9). `e1`: an ML-KEM public key is sent; `ekem1`: a ciphertext for it (the `hfs` extension with a KEM).
 */
export type Token = 'e' | 's' | DhToken | 'psk' | 'e1' | 'ekem1';

/** What the two sides do, in order (Noise 7). */
export interface Pattern {
  /** Those whose static public key the other side has beforehand (the pre-messages), the initiator first. */
  readonly known: readonly Role[];
  /** The tokens of each message; the initiator sends the first, then they take turns. */
  readonly messages: readonly (readonly Token[])[];
}

/**
 * Noise 7.4, 7.5 and 18.1 in their notation, a pattern on a line: `->` the initiator sends, `<-` the
 * responder sends. What stands before `...` is known beforehand.
 */
const PATTERNS = {
  // One-way: only the initiator sends, then too (Noise 7.4).
  N: '<- s ... -> e, es',
  K: '-> s <- s ... -> e, es, ss',
  X: '<- s ... -> e, es, s, ss',

  // Fundamental. First letter: how the initiator's static key gets over (No key, Known, Xmitted,
  // Immediately). Second letter: the responder's.
  NN: '-> e <- e, ee',
  NK: '<- s ... -> e, es <- e, ee',
  NX: '-> e <- e, ee, s, es',
  KN: '-> s ... -> e <- e, ee, se',
  KK: '-> s <- s ... -> e, es, ss <- e, ee, se',
  KX: '-> s ... -> e <- e, ee, se, s, es',
  XN: '-> e <- e, ee -> s, se',
  XK: '<- s ... -> e, es <- e, ee -> s, se',
  XX: '-> e <- e, ee, s, es -> s, se',
  IN: '-> e, s <- e, ee, se',
  IK: '<- s ... -> e, es, s, ss <- e, ee, se',
  IX: '-> e, s <- e, ee, se, s, es',

  // Deferred. A 1 behind a letter: that side's authentication comes one message later.
  NK1: '<- s ... -> e <- e, ee, es',
  NX1: '-> e <- e, ee, s -> es',
  X1N: '-> e <- e, ee -> s <- se',
  X1K: '<- s ... -> e, es <- e, ee -> s <- se',
  XK1: '<- s ... -> e <- e, ee, es -> s, se',
  X1K1: '<- s ... -> e <- e, ee, es -> s <- se',
  X1X: '-> e <- e, ee, s, es -> s <- se',
  XX1: '-> e <- e, ee, s -> es, s, se',
  X1X1: '-> e <- e, ee, s -> es, s <- se',
  K1N: '-> s ... -> e <- e, ee -> se',
  K1K: '-> s <- s ... -> e, es <- e, ee -> se',
  KK1: '-> s <- s ... -> e <- e, ee, se, es',
  K1K1: '-> s <- s ... -> e <- e, ee, es -> se',
  K1X: '-> s ... -> e <- e, ee, s, es -> se',
  KX1: '-> s ... -> e <- e, ee, se, s -> es',
  K1X1: '-> s ... -> e <- e, ee, s -> se, es',
  I1N: '-> e, s <- e, ee -> se',
  I1K: '<- s ... -> e, es, s <- e, ee -> se',
  IK1: '<- s ... -> e, s <- e, ee, se, es',
  I1K1: '<- s ... -> e, s <- e, ee, es -> se',
  I1X: '-> e, s <- e, ee, s, es -> se',
  IX1: '-> e, s <- e, ee, se, s -> es',
  I1X1: '-> e, s <- e, ee, s -> se, es',
} as const;

/** The name of a pattern, without modifiers. */
export type PatternName = keyof typeof PATTERNS;

/** Every pattern of the table. */
export const PATTERN_NAMES = Object.keys(PATTERNS) as readonly PatternName[];

/** The pattern of that name, without modifiers; undefined when there is none. */
export function basePattern(name: string): Pattern | undefined {
  if (!Object.hasOwn(PATTERNS, name)) {
    return undefined;
  }
  const [messages = '', before = ''] = PATTERNS[name as PatternName].split(' ... ').reverse();
  const known: Role[] = [];
  if (before.includes('->')) {
    known.push('initiator');
  }
  if (before.includes('<-')) {
    known.push('responder');
  }
  return {
    known,
    messages: messages
      .split(/->|<-/)
      .slice(1)
      .map((tokens) => tokens.trim().split(', ') as Token[]),
  };
}

/** Who sends the message of that index, from 0. */
export function senderOf(index: number): Role {
  return index % 2 === 0 ? 'initiator' : 'responder';
}

/** Whether a side cannot do without a static key pair of its own. */
export function needsStatic(pattern: Pattern, role: Role): boolean {
  return (
    pattern.known.includes(role) ||
    pattern.messages.some((tokens, index) => senderOf(index) === role && tokens.includes('s'))
  );
}

/** How many pre-shared keys a pattern takes. */
export function pskCount(pattern: Pattern): number {
  let count = 0;
  for (const tokens of pattern.messages) {
    for (const token of tokens) {
      if (token === 'psk') {
        count++;
      }
    }
  }
  return count;
}

/** Bytes that a token sends, before encryption. */
const SENT: Partial<Record<Token, number>> = {
  e: KEY_LENGTH,
  s: KEY_LENGTH,
  e1: KEM_PUBLIC_KEY_LENGTH,
  ekem1: KEM_CIPHERTEXT_LENGTH,
};

/** Bytes of each message of a pattern when its payload is empty. */
export function emptyLengths(pattern: Pattern): number[] {
  const withPsk = pskCount(pattern) > 0;
  let tag = 0;
  return pattern.messages.map((tokens) => {
    let length = 0;
    for (const token of tokens) {
      const sent = SENT[token];
      if (sent !== undefined) {
        length += token === 'e' ? sent : sent + tag;
      }
      if (setsKey(token, withPsk)) {
        tag = TAG_LENGTH;
      }
    }
    return length + tag;
  });
}

/**
 * Whether a token ends in MixKey: from there on what is sent is encrypted. `e` does where there is a psk
 * (Noise 9.2).
 */
export function setsKey(token: Token, withPsk: boolean): boolean {
  return token === 'e' ? withPsk : token !== 's' && token !== 'e1';
}
