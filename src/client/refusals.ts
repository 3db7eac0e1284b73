import type { ErrorName } from '../protocol/index.ts';

/**
 * What a refusal says of the same request, asked before or later:
 * - `final`: it comes of looking at the order itself, so of every time that this order was asked: it was not
 *   carried out;
 * - `temporary`: the server was busy, or its disk was full: the same request may succeed later;
 * - `now`: nothing was done this time. It comes before the server looks whether the id of an order is known.
 */
const MEANINGS: Readonly<Record<ErrorName, 'final' | 'temporary' | 'now'>> = {
  NAME_TAKEN: 'now',
  AUTH_FAIL: 'now',
  WRONG_STATE: 'now',
  PAYEE_UNKNOWN: 'final',
  PAYEE_OFFLINE: 'final',
  INSUFFICIENT_FUNDS: 'final',
  BAD_AMOUNT: 'final',
  ID_REUSED: 'final',
  PAYEE_SELF: 'final',
  BAD_REQUEST: 'now',
  TOO_MANY: 'temporary',
  INTERNAL: 'temporary',
};

/**
 * Was an order that is refused so never carried out, however often it was asked? `symbol`: any, also one not
 * known here.
 */
export function isFinal(symbol: string): boolean {
  return meaningOf(symbol) === 'final';
}

/** May the same request succeed later? `symbol`: any, also one not known here. */
export function isTemporary(symbol: string): boolean {
  return meaningOf(symbol) === 'temporary';
}

function meaningOf(symbol: string): string {
  return Object.hasOwn(MEANINGS, symbol) ? MEANINGS[symbol as ErrorName] : 'now';
}
