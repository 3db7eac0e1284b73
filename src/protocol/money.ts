/**
 * Orders and transfers: as types, and as readers of what a remote says of them.
 * Amounts and balances are integers that count minor units of the currency (scale 2: 1250 is 12.50).
 */
import { bin, integer, map, optional, text } from './fields.ts';
import { MAX_CURRENCY_BYTES, MAX_MEMO_BYTES, MAX_SCALE, ORDER_ID_BYTES } from './limits.ts';
import { type Ok, ok } from './ok.ts';
import { accountName, type OnlineEntry, onlineEntry } from './people.ts';

/** What amounts count. */
export interface Currency {
  /** 1 to 32 bytes, such as "dollars". */
  readonly name: string;
  /** Decimals: how many digits of an amount stand behind the point, 0 to 15. */
  readonly scale: number;
}

/** Money that has moved. A payer may be the issuer, whose name nobody can register. */
export interface Transfer {
  /** The ledger's order, from 1. */
  readonly seq: number;
  /** 16 bytes, the order's own. */
  readonly id: Uint8Array;
  readonly from: string;
  readonly to: string;
  /** More than zero. */
  readonly amount: number;
  /** Always there, always a str: empty when the payer gave none. At most 256 bytes. */
  readonly memo: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface PayParams {
  /** The payee's name, lower case once parsed. */
  readonly to: string;
  /** Any integer passes here; what is not more than zero is refused with 313, not 400. */
  readonly amount: number;
  /** 16 bytes, unique to the order: the same order again under the same id pays once. */
  readonly id: Uint8Array;
  /** Empty for none, which is the same as leaving it out. At most 256 bytes. */
  readonly memo: string;
}

/** The result of pay. `payee` is null when the payee is no longer online. */
export interface PayResult extends Ok {
  readonly transfer: Transfer;
  /** The payer's balance. */
  readonly balance: number;
  readonly payee: OnlineEntry | null;
}

/** Which part of a history. */
export interface HistoryParams {
  /** Only transfers with a smaller `seq`. */
  readonly before?: number | undefined;
  /** 1 to 100; without it, 100. */
  readonly limit?: number | undefined;
}

export const currency = map<Currency>({ name: text(1, MAX_CURRENCY_BYTES), scale: integer(0, MAX_SCALE) });

export const balance = integer(0);

export const orderId = bin(ORDER_ID_BYTES);

export const memo = optional(text(0, MAX_MEMO_BYTES), '');

export const transfer = map<Transfer>({
  seq: integer(1),
  id: orderId,
  from: accountName,
  to: accountName,
  amount: integer(1),
  memo,
  at: integer(0),
});

export const payResult = map<PayResult>({ ...ok, transfer, balance, payee: optional(onlineEntry, null) });
