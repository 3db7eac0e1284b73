import assert from 'node:assert/strict';
import type { Account, HeldAccount } from '../books/account.ts';
import type { Books } from '../books/books.ts';
import { ID_BYTES, KEY_BYTES, MAX_AMOUNT, MAX_MEMO_BYTES } from '../limits.ts';
import { ISSUER_NAME, type OperationKind } from '../store.ts';
import type { KnownOrders } from './known-orders.ts';
import type { Order, Transfer } from './order.ts';
import type { OperationStatus } from './statuses.ts';
import { isMemo, named } from './transfer.ts';

/** What the operator does to an account. The reason: see `isReason`. */
export type Operation =
  | { readonly kind: 'freeze' | 'unfreeze'; readonly name: string; readonly reason: string }
  | {
      /** New money to the account, or money of the account back to the issuer. */
      readonly kind: 'issue' | 'redeem';
      readonly name: string;
      /** Minor units. */
      readonly amount: number;
      /** 16 bytes: the same operation under it moves money once. */
      readonly id: Uint8Array;
      readonly reason: string;
    }
  | {
      readonly kind: 'rekey';
      readonly name: string;
      /** 32 bytes: whose the name is from now on. */
      readonly key: Uint8Array;
      readonly reason: string;
    };

export type OperationResult =
  | {
      readonly status: 'ok' | 'exists';
      /** As it is now. */
      readonly account: Account;
      /** Of an issue or a redeem. */
      readonly transfer: Transfer | undefined;
    }
  | { readonly status: Exclude<OperationStatus, 'ok' | 'exists'> };

/** Bytes of a reason in UTF-8: that of an issue or a redeem is its transfer's memo. */
export const MAX_REASON_BYTES = MAX_MEMO_BYTES;

/** Whether a text can be a reason: 1 to 256 bytes of Unicode. */
export function isReason(text: string): boolean {
  return text.length > 0 && isMemo(text);
}

/**
 * The order that an operation is to the books, to be looked for on disk beforehand; undefined where it moves
 * no money.
 */
export function operationOrder(operation: Operation): Pick<Order, 'payer' | 'id'> | undefined {
  if (operation.kind !== 'issue' && operation.kind !== 'redeem') {
    return undefined;
  }
  return { payer: operation.kind === 'issue' ? ISSUER_NAME : operation.name, id: operation.id };
}

/**
 * Carries out an operation and enters it into the operator's log, to which entries are only ever added. A
 * frozen account may be given money, and have it taken.
 *
 * @param now milliseconds since 1970
 */
export function operate(
  books: Books,
  known: KnownOrders,
  operation: Operation,
  now: number,
): OperationResult {
  const { kind, reason } = operation;
  assert(isReason(reason), 'a reason has 1 to 256 bytes of Unicode');
  const account = books.byName(operation.name);
  if (account === undefined) {
    return { status: 'account_unknown' };
  }
  switch (kind) {
    case 'freeze':
    case 'unfreeze':
      return freeze(books, account, kind, reason, now);
    case 'rekey':
      return rekey(books, account, operation.key, reason, now);
    default:
      return move(books, known, account, operation, now);
  }
}

function freeze(
  books: Books,
  account: HeldAccount,
  kind: OperationKind,
  reason: string,
  at: number,
): OperationResult {
  const frozen = kind === 'freeze';
  if (account.frozen === frozen) {
    return { status: frozen ? 'already_frozen' : 'not_frozen' };
  }
  books.setFrozen(account, frozen, { reason, at });
  return { status: 'ok', account, transfer: undefined };
}

function rekey(
  books: Books,
  account: HeldAccount,
  key: Uint8Array,
  reason: string,
  at: number,
): OperationResult {
  assert(key.length === KEY_BYTES, 'a key has 32 bytes');
  if (Buffer.from(key).equals(account.key)) {
    return { status: 'same_key' };
  }
  books.setKey(account, key, { reason, at });
  return { status: 'ok', account, transfer: undefined };
}

function move(
  books: Books,
  known: KnownOrders,
  account: HeldAccount,
  { kind, amount, id, reason }: Extract<Operation, { kind: 'issue' | 'redeem' }>,
  at: number,
): OperationResult {
  assert(id.length === ID_BYTES, 'an id has 16 bytes');
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > MAX_AMOUNT) {
    return { status: 'bad_amount' };
  }
  const [payer, payee] = kind === 'issue' ? [books.issuer, account] : [account, books.issuer];
  const first = known.find(payer.name, id);
  if (first !== undefined) {
    const isSame = first.to === payee.name && first.amount === amount && first.memo === reason;
    return isSame ? { status: 'exists', account, transfer: first } : { status: 'id_reused' };
  }
  if (kind === 'issue' && amount > MAX_AMOUNT - books.circulation) {
    return { status: 'issue_exhausted' };
  }
  if (kind === 'redeem' && account.balance < amount) {
    return { status: 'insufficient_funds' };
  }
  const order = { id, amount, memo: reason, at };
  const row = kind === 'issue' ? books.post(payer, payee, order) : books.redeem(account, order);
  const transfer = named(books, row);
  known.add(transfer);
  books.record(kind, account, { reason, transfer: transfer.seq, at });
  return { status: 'ok', account, transfer };
}
