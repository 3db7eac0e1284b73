/**
 * What a client believes of a result that can be read. A server may be broken or hostile: what it says of an
 * order that is not the asker's, or of somebody whom nobody asked for, must not reach a person as if it were
 * the answer.
 */
import { Buffer } from 'node:buffer';
import type { AccountView } from './account.ts';
import { MAX_HISTORY } from './limits.ts';
import type { Currency, HistoryParams, PayParams, PayResult, Transfer } from './money.ts';
import { foldName } from './names.ts';

/** Who asks, as far as it knows itself when the answer comes. */
export interface Asker {
  /** As whom it is logged in, or is logging in; undefined when neither. */
  readonly name: string | undefined;
  /** Known from the first login on: books are kept in one currency. */
  readonly currency: Currency | undefined;
}

/** Does the result answer what was asked? */
export type Judge<P, R> = (params: P, result: R, asker: Asker) => boolean;

/** Of what holds nothing by which it could be another answer. */
export const anything: Judge<unknown, unknown> = () => true;

/** The person who was asked for. */
export const isNamed: Judge<{ readonly name: string }, { readonly name: string }> = ({ name }, found) =>
  found.name === foldName(name);

/** An account in the one currency of the books. */
export function isOwnCurrency({ currency }: AccountView, { currency: known }: Asker): boolean {
  return known === undefined || (known.name === currency.name && known.scale === currency.scale);
}

/** The order that was given, carried out for the asker. */
export const isPaid: Judge<PayParams, PayResult> = (order, { transfer, payee }, asker) =>
  Buffer.from(transfer.id).equals(order.id) &&
  transfer.from === asker.name &&
  transfer.to === foldName(order.to) &&
  transfer.amount === order.amount &&
  transfer.memo === order.memo &&
  (payee === null || payee.name === transfer.to);

/** The asker's transfers, newest first, no more and no later than asked for. */
export const isPage: Judge<HistoryParams, { readonly transfers: readonly Transfer[] }> = (
  { before = Number.POSITIVE_INFINITY, limit = MAX_HISTORY },
  { transfers },
  { name },
) => {
  let last = before;
  for (const { seq, from, to } of transfers) {
    if (seq >= last || (from !== name && to !== name)) {
      return false;
    }
    last = seq;
  }
  return transfers.length <= limit;
};
