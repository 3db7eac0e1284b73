import {
  type DhToken,
  type Pattern,
  pskCount,
  type Role,
  senderOf,
  setsKey,
  type Token,
} from './patterns.ts';

/** The Diffie-Hellman without which a side must not encrypt, once another is done (Noise 7.3, rule 4). */
const NEEDED: Record<Role, readonly (readonly [done: DhToken, needed: DhToken])[]> = {
  initiator: [
    ['se', 'ee'],
    ['ss', 'es'],
  ],
  responder: [
    ['es', 'ee'],
    ['ss', 'se'],
  ],
};

/**
 * Checks a pattern against the rules that make it safe: Noise 7.3, and 9.3 for those with pre-shared keys.
 * @throws RangeError that names the rule it breaks
 */
export function checkValidity(pattern: Pattern): void {
  const check = new Check(pattern);
  for (const [index, tokens] of pattern.messages.entries()) {
    const sender = senderOf(index);
    for (const token of tokens) {
      check.step(token, sender);
    }
    check.encrypt(sender); // the payload
  }
  // What is sent afterwards: in a one-way pattern by the initiator alone.
  check.encrypt('initiator');
  if (pattern.messages.length > 1) {
    check.encrypt('responder');
  }
}

class Check {
  readonly #withPsk: boolean;
  readonly #done = new Set<Token>();
  /** The public keys that both sides have, such as "the initiator's s". */
  readonly #sent: Set<string>;
  #keyed = false;

  constructor(pattern: Pattern) {
    this.#withPsk = pskCount(pattern) > 0;
    this.#sent = new Set(pattern.known.map((role) => keyOf(role, 's')));
  }

  step(token: Token, sender: Role): void {
    if (token === 'e' || token === 's') {
      this.#send(token, sender);
    } else if (token === 'e1' || token === 'ekem1') {
      this.encrypt(sender);
    } else if (token !== 'psk') {
      this.#mixDh(token);
    }
    this.#done.add(token);
    this.#keyed ||= setsKey(token, this.#withPsk);
  }

  /** A side encrypts something, if there is a key. */
  encrypt(role: Role): void {
    if (!this.#keyed) {
      return;
    }
    for (const [done, needed] of NEEDED[role]) {
      if (this.#done.has(done) && !this.#done.has(needed)) {
        throw new RangeError(`the ${role} encrypts after ${done} without ${needed} (Noise 7.3, rule 4)`);
      }
    }
    if (this.#done.has('psk') && !this.#sent.has(keyOf(role, 'e'))) {
      throw new RangeError(`the ${role} encrypts after psk without e (Noise 9.3)`);
    }
  }

  #send(token: 'e' | 's', sender: Role): void {
    if (token === 's') {
      this.encrypt(sender);
    }
    const key = keyOf(sender, token);
    if (this.#sent.has(key)) {
      throw new RangeError(`${key} is sent twice (Noise 7.3, rule 2)`);
    }
    this.#sent.add(key);
  }

  #mixDh(token: DhToken): void {
    if (this.#done.has(token)) {
      throw new RangeError(`${token} is done twice (Noise 7.3, rule 3)`);
    }
    for (const key of [keyOf('initiator', token.charAt(0)), keyOf('responder', token.charAt(1))]) {
      if (!this.#sent.has(key)) {
        throw new RangeError(`${token} before ${key} (Noise 7.3, rule 1)`);
      }
    }
  }
}

function keyOf(role: Role, letter: string): string {
  return `the ${role}'s ${letter}`;
}
