import {
  type Currency,
  foldName,
  type HistoryParams,
  MAX_HISTORY,
  type Method,
  type Methods,
  type PayParams,
  type PayResult,
  type Transfer,
} from '../protocol/index.ts';

/** What a wallet knows of itself when an answer comes. */
export interface Own {
  /** As whom we are logged in, or are logging in; undefined when neither. */
  readonly name: string | undefined;
  /** Known from the first login on: books are kept in one currency. */
  readonly currency: Currency | undefined;
}

type Judge<M extends Method> = (
  params: Methods[M]['params'],
  result: Methods[M]['result'],
  own: Own,
) => boolean;

const always = () => true;

const JUDGES: { readonly [M in Method]: Judge<M> } = {
  register: always,
  login: ({ name }, view, own) => view.name === foldName(name) && isOurs(view.currency, own),
  list: (_, view, own) => view.name === own.name && isOurs(view.currency, own),
  pay: (order, result, own) => isPaid(order, result, own.name),
  lookup: ({ name }, found) => found.name === foldName(name),
  history: (page, { transfers }, own) => isPage(page, transfers, own.name),
  friends: always,
  befriend: (_, { state }) => state !== 'asking',
  unfriend: always,
  exit: always,
};

/**
 * Does the result answer what was asked? A server may be broken or hostile: what it says of an order that is not ours, or
 * of somebody we did not ask for, must not reach a person as if it were the answer.
 */
export function isAnswer<M extends Method>(
  method: M,
  params: Methods[M]['params'],
  result: Methods[M]['result'],
  own: Own,
): boolean {
  const judge: Judge<M> = JUDGES[method];
  return judge(params, result, own);
}

function isOurs(currency: Currency, { currency: known }: Own): boolean {
  return known === undefined || (known.name === currency.name && known.scale === currency.scale);
}

function isPaid(order: PayParams, { transfer, payee }: PayResult, own: string | undefined): boolean {
  return (
    Buffer.from(transfer.id).equals(order.id) &&
    transfer.from === own &&
    transfer.to === foldName(order.to) &&
    transfer.amount === order.amount &&
    transfer.memo === order.memo &&
    (payee === null || payee.name === transfer.to)
  );
}

/** Ours, newest first, no more and no later than asked for. */
function isPage(
  { before = Number.POSITIVE_INFINITY, limit = MAX_HISTORY }: HistoryParams,
  transfers: readonly Transfer[],
  own: string | undefined,
): boolean {
  let last = before;
  for (const { seq, from, to } of transfers) {
    if (seq >= last || (from !== own && to !== own)) return false;
    last = seq;
  }
  return transfers.length <= limit;
}
