import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import {
  type AccountRow,
  type Currency,
  type FriendshipRow,
  ISSUER_ID,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../store.ts';

export type Row = Record<string, SQLOutputValue>;

/**
 * The columns that `transferRow` needs. A memo is read as bytes: `node:sqlite` of some releases (24.0 to 24.14, 26.0)
 * cuts a text at its first NUL, and an order that is asked again would then look like another.
 */
export const TRANSFER_COLUMNS = 'seq, id, payer, payee, amount, CAST(memo AS BLOB) AS memo, at';

/** Where the chain of an account's transfers begins. */
export interface Head {
  /** `seq` of the newest, 0 when there is none. */
  readonly lastSeq: number;
  readonly transfers: number;
}

/** Of an account without transfers. */
export const NO_HEAD: Head = { lastSeq: 0, transfers: 0 };

/** Everything that the ledger holds in memory, as the connection sees it. */
export function readBooks(database: DatabaseSync): StoredBooks {
  const all = (sql: string) => database.prepare(sql).all();
  return {
    currency: all('SELECT name, scale FROM currency').map(currencyRow)[0],
    issuerBalance: all(`SELECT balance FROM account WHERE id = ${ISSUER_ID}`).map(balanceOf)[0] ?? damaged(),
    accounts: all(`SELECT id, name, key, balance FROM account WHERE id <> ${ISSUER_ID} ORDER BY id`).map(
      accountRow,
    ),
    friendships: all('SELECT asker, asked, accepted FROM friendship').map(friendshipRow),
    lastSeq:
      all('SELECT coalesce(max(seq), 0) AS seq FROM transfer').map((row) => integer(row['seq']))[0] ?? 0,
  };
}

export function transferRow(row: Row): TransferRow {
  return {
    seq: integer(row['seq']),
    id: bytes(row['id']),
    payer: integer(row['payer']),
    payee: integer(row['payee']),
    amount: integer(row['amount']),
    memo: row['memo'] === null ? null : Buffer.from(bytes(row['memo'])).toString(),
    at: integer(row['at']),
  };
}

export function headRow(row: Row): Head & { readonly account: number } {
  return {
    account: integer(row['id']),
    lastSeq: integer(row['last_seq']),
    transfers: integer(row['transfers']),
  };
}

/** The accounts of a transfer, and the transfers that it names as theirs before it. */
export function chainedRow(row: Row) {
  return {
    seq: integer(row['seq']),
    payer: integer(row['payer']),
    payee: integer(row['payee']),
    payerPrevious: integer(row['payer_previous']),
    payeePrevious: integer(row['payee_previous']),
  };
}

function accountRow(row: Row): AccountRow {
  return { id: integer(row['id']), name: text(row['name']), key: bytes(row['key']), balance: balanceOf(row) };
}

function friendshipRow(row: Row): FriendshipRow {
  return {
    asker: integer(row['asker']),
    asked: integer(row['asked']),
    accepted: integer(row['accepted']) === 1,
  };
}

function currencyRow(row: Row): Currency {
  return { name: text(row['name']), scale: integer(row['scale']) };
}

function balanceOf(row: Row): number {
  return integer(row['balance']);
}

function integer(value: SQLOutputValue | undefined): number {
  return typeof value === 'number' ? value : damaged();
}

function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : damaged();
}

function bytes(value: SQLOutputValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : damaged();
}

/** STRICT tables hold nothing else, unless the file is broken. */
export function damaged(): never {
  throw new StoreError('damaged', 'the ledger is damaged: a row does not have the form that it must have');
}
