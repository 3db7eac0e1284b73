import assert from 'node:assert/strict';
import type { HeldAccount } from '../books/account.ts';
import type { Books } from '../books/books.ts';
import { ID_BYTES, MAX_AMOUNT, MAX_MEMO_BYTES } from '../limits.ts';
import type { TransferRow } from '../store.ts';
import type { KnownOrders } from './known-orders.ts';
import type { Order, Transfer } from './order.ts';
import type { CheckStatus, TransferStatus } from './statuses.ts';

export type TransferResult =
  | { readonly status: 'ok' | 'exists'; readonly transfer: Transfer }
  | { readonly status: Exclude<TransferStatus, 'ok' | 'exists'> };

/** What decides an order before the payer's balance does. */
type Decided =
  | { readonly status: 'exists'; readonly transfer: Transfer }
  | { readonly status: Exclude<CheckStatus, 'exists' | 'payable'> };

export type CheckResult = Decided | { readonly status: 'payable' };

const PAYABLE: CheckResult = { status: 'payable' };

/**
 * What `transfer` would say of an order now, as far as the payer's balance; nothing moves. A command that has
 * a condition of its own before the balance (the payee has to be online) asks this where its condition does
 * not hold. The order must have been looked for on disk before: see `KnownOrders`.
 */
export function check(books: Books, known: KnownOrders, order: Order): CheckResult {
  return decideBeforeBalance(known, order, books.byName(order.payer), books.byName(order.payee)) ?? PAYABLE;
}

/**
 * Moves money from payer to payee, once for each (payer, id), forever.
 * The order must have been looked for on disk before: see `KnownOrders`.
 *
 * @param now milliseconds since 1970
 */
export function transfer(books: Books, known: KnownOrders, order: Order, now: number): TransferResult {
  const payer = books.byName(order.payer);
  const payee = books.byName(order.payee);
  const decided = decideBeforeBalance(known, order, payer, payee);
  if (decided !== undefined) {
    return decided;
  }
  assert(payer !== undefined && payee !== undefined, 'only what both of them have goes on to the balance');
  if (payer.balance < order.amount) {
    return { status: 'insufficient_funds' };
  }
  const done = named(books, books.post(payer, payee, { ...order, at: now }));
  known.add(done);
  return { status: 'ok', transfer: done };
}

/** Undefined: the payer's balance decides. */
function decideBeforeBalance(
  known: KnownOrders,
  order: Order,
  payer: HeldAccount | undefined,
  payee: HeldAccount | undefined,
): Decided | undefined {
  assert(payer !== undefined, 'the payer has an account');
  assert(order.id.length === ID_BYTES, 'an id has 16 bytes');
  assert(order.memo === null || isMemo(order.memo), 'a memo is Unicode, of at most 256 bytes');
  if (!Number.isSafeInteger(order.amount) || order.amount <= 0 || order.amount > MAX_AMOUNT) {
    return { status: 'bad_amount' };
  }
  const first = known.find(order.payer, order.id);
  if (first !== undefined) {
    return sameOrder(order, first) ? { status: 'exists', transfer: first } : { status: 'id_reused' };
  }
  if (payer.frozen) {
    return { status: 'payer_frozen' };
  }
  if (payee === undefined) {
    return { status: 'payee_unknown' };
  }
  if (payee === payer) {
    return { status: 'payee_self' };
  }
  if (payee.frozen) {
    return { status: 'payee_frozen' };
  }
  return undefined;
}

/** A transfer with the names of its accounts. @throws StoreError `damaged` */
export function named(books: Books, row: TransferRow): Transfer {
  const { seq, id, amount, memo, at } = row;
  return { seq, id, from: books.byId(row.payer).name, to: books.byId(row.payee).name, amount, memo, at };
}

/**
 * Whether a text can stand in a memo. A half surrogate would come back from the disk as another character,
 * and the order as another order.
 */
export function isMemo(text: string): boolean {
  return text.isWellFormed() && Buffer.byteLength(text) <= MAX_MEMO_BYTES;
}

function sameOrder(order: Order, first: Transfer): boolean {
  return order.payee === first.to && order.amount === first.amount && order.memo === first.memo;
}
