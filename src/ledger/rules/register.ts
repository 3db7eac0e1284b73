import assert from 'node:assert/strict';
import type { Account } from '../books/account.ts';
import type { Books } from '../books/books.ts';
import { ID_BYTES, KEY_BYTES, MAX_ACCOUNTS, MAX_AMOUNT, MAX_NAME_LENGTH } from '../limits.ts';
import { ISSUER_NAME } from '../store.ts';
import type { RegisterStatus } from './statuses.ts';

export type RegisterResult =
  | { readonly status: 'ok'; readonly account: Account }
  | { readonly status: Exclude<RegisterStatus, 'ok'> };

/**
 * Opens an account with the welcome grant on it, a transfer from the issuer; a grant of 0 makes none.
 * One key may have several accounts.
 *
 * @param name 1 to 32 characters; whether it may be a name at all is the caller's to say
 * @param key 32 bytes
 * @param grant minor units
 * @param now milliseconds since 1970
 */
export function register(
  books: Books,
  name: string,
  key: Uint8Array,
  grant: number,
  now: number,
): RegisterResult {
  assert(name.length > 0 && name.length <= MAX_NAME_LENGTH, 'a name has 1 to 32 characters');
  assert(key.length === KEY_BYTES, 'a key has 32 bytes');
  if (name === ISSUER_NAME || books.byName(name) !== undefined) {
    return { status: 'name_taken' };
  }
  if (books.nextAccountId > MAX_ACCOUNTS) {
    return { status: 'too_many_accounts' };
  }
  if (grant > MAX_AMOUNT - books.circulation) {
    return { status: 'issue_exhausted' };
  }
  const account = books.addAccount(name, key, now);
  if (grant > 0) {
    books.post(books.issuer, account, { id: grantId(account.id), amount: grant, memo: null, at: now });
  }
  return { status: 'ok', account };
}

/**
 * The id of an account's welcome grant: a UUID of version 8 (RFC 9562 5.8) that is zero but for the account's
 * number in its last 6 bytes. An id has to be unique to its payer only, and the issuer pays each account
 * once, so the number is enough, and neither randomness nor a further parameter is needed.
 */
export function grantId(account: number): Uint8Array {
  const id = Buffer.alloc(ID_BYTES);
  id[6] = 0x80;
  id[8] = 0x80;
  id.writeUIntBE(account, 10, 6);
  return new Uint8Array(id);
}
