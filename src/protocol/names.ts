import { MAX_NAME_LENGTH } from './limits.ts';

/**
 * Words that look like names and are not: the issuer's account, words that pretend to speak for the server,
 * the words with which a line of a client's own begins (a chat with one called `balance` would read
 * `balance: 10.00 dollars`), and the words of the raw commands (`alice#6000` logs alice in, so nobody may be
 * called `register`).
 */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'issuer',
  'server',
  'farthing',
  'operator',
  'admin',
  'system',
  'root',
  'balance',
  'online',
  'fail',
  'register',
  'list',
  'payrequest',
  'exit',
]);

const NAME = new RegExp(`^[a-z][a-z0-9_.-]{0,${MAX_NAME_LENGTH - 1}}$`);
const NAME_ANY_CASE = new RegExp(`^[A-Za-z][A-Za-z0-9_.-]{0,${MAX_NAME_LENGTH - 1}}$`);

/**
 * Is this an account's name as the ledger writes it: lower case, 1 to 32 of `a-z 0-9 _ . -`, a letter first?
 * The issuer's is one.
 */
export function isAccountName(name: string): boolean {
  return NAME.test(name);
}

/**
 * The name that a person means, in lower case, or undefined where it cannot be anybody's: not of the form, or
 * reserved. The form is checked before the case is folded: folding first would let letters in that only
 * become ASCII by it (U+212A KELVIN SIGN folds to k).
 */
export function foldName(name: string): string | undefined {
  if (!NAME_ANY_CASE.test(name)) {
    return undefined;
  }
  const folded = name.toLowerCase();
  return RESERVED_NAMES.has(folded) ? undefined : folded;
}
