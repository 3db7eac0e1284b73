import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import {
  type AccountRow,
  type Currency,
  type FriendshipRow,
  ISSUER_ID,
  type Movement,
  type OperationKind,
  type OperationRow,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../../store.ts';
import type { Head } from './chain.ts';

export type Row = Record<string, SQLOutputValue>;

/**
 * The columns that `transferRow` needs. A memo is read as bytes: `node:sqlite` of some releases (24.0 to
 * 24.14, 26.0) cuts a text at its first NUL, and an order that is asked again would then look like another.
 */
export const TRANSFER_COLUMNS = 'seq, id, payer, payee, amount, CAST(memo AS BLOB) AS memo, at';

/**
 * Everything that the ledger holds in memory, as the connection sees it.
 *
 * @throws StoreError `damaged`; SQLite's error
 */
export function readBooks(database: DatabaseSync): StoredBooks {
  const all = (sql: string) => database.prepare(sql).all();
  return {
    currency: readCurrency(database),
    issuerBalance: all(`SELECT balance FROM account WHERE id = ${ISSUER_ID}`).map(balanceOf)[0] ?? damaged(),
    accounts: all(
      `SELECT id, name, key, balance, frozen, registered_at FROM account WHERE id <> ${ISSUER_ID} ORDER BY id`,
    ).map(accountRow),
    friendships: all('SELECT asker, asked, accepted FROM friendship').map(friendshipRow),
    lastSeq: last(database, 'transfer'),
    lastOperation: last(database, 'operation'),
  };
}

/** Undefined before the ledger's first use. @throws StoreError `damaged`; SQLite's error */
export function readCurrency(database: DatabaseSync): Currency | undefined {
  return database.prepare('SELECT name, scale FROM currency').all().map(currencyRow)[0];
}

/** Of every account, the issuer's included, by its id. @throws StoreError `damaged`; SQLite's error */
export function readNames(database: DatabaseSync): Map<number, string> {
  const rows = database.prepare('SELECT id, name FROM account').all();
  return new Map(rows.map((row) => [integer(row['id']), text(row['name'])]));
}

/** `seq` of the last row of a table, 0 when there is none. @throws StoreError `damaged`; SQLite's error */
export function last(database: DatabaseSync, table: 'transfer' | 'operation'): number {
  return integer(database.prepare(`SELECT coalesce(max(seq), 0) AS seq FROM ${table}`).get()?.['seq']);
}

/** Of a row with `TRANSFER_COLUMNS`. @throws StoreError `damaged` */
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

/** The columns that `operationRow` needs; a reason is read as bytes for the sake of `TRANSFER_COLUMNS`. */
export const OPERATION_COLUMNS =
  'seq, at, kind, account, CAST(reason AS BLOB) AS reason, transfer, old_key, new_key';

const OPERATION_KINDS: readonly OperationKind[] = ['freeze', 'unfreeze', 'issue', 'redeem', 'rekey'];

/** Of a row with `OPERATION_COLUMNS`. @throws StoreError `damaged` */
export function operationRow(row: Row): OperationRow {
  return {
    seq: integer(row['seq']),
    at: integer(row['at']),
    kind: OPERATION_KINDS.find((kind) => kind === row['kind']) ?? damaged(),
    account: integer(row['account']),
    reason: Buffer.from(bytes(row['reason'])).toString(),
    transfer: row['transfer'] === null ? null : integer(row['transfer']),
    oldKey: row['old_key'] === null ? null : bytes(row['old_key']),
    newKey: row['new_key'] === null ? null : bytes(row['new_key']),
  };
}

/** The head of an account's chain, and whose it is. */
export interface AccountHead extends Head {
  readonly account: number;
}

/** Of every account, the issuer's included. @throws StoreError `damaged`; SQLite's error */
export function readHeads(database: DatabaseSync): AccountHead[] {
  return database.prepare('SELECT id, last_seq, transfers FROM account').all().map(headRow);
}

function headRow(row: Row): AccountHead {
  return {
    account: integer(row['id']),
    lastSeq: integer(row['last_seq']),
    transfers: integer(row['transfers']),
  };
}

/** What a transfer moves, and the transfers that it names as those of its accounts before it. */
export interface ChainedRow extends Movement {
  readonly payerPrevious: number;
  readonly payeePrevious: number;
  /** Whether it keeps all constraints of its table. */
  readonly isLawful: boolean;
}

/** What `chainedRow` needs, followed by whether the row is lawful. */
export const CHAINED_COLUMNS = 'seq, payer, payee, amount, payer_previous, payee_previous';

/** Of a row with `CHAINED_COLUMNS`, read as an array. @throws StoreError `damaged` */
export function chainedRow(row: readonly SQLOutputValue[]): ChainedRow {
  return {
    seq: integer(row[0]),
    payer: integer(row[1]),
    payee: integer(row[2]),
    amount: integer(row[3]),
    payerPrevious: integer(row[4]),
    payeePrevious: integer(row[5]),
    isLawful: row[6] === 1,
  };
}

function accountRow(row: Row): AccountRow {
  return {
    id: integer(row['id']),
    name: text(row['name']),
    key: bytes(row['key']),
    balance: balanceOf(row),
    frozen: integer(row['frozen']) === 1,
    registeredAt: integer(row['registered_at']),
  };
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

/** STRICT tables hold nothing else, unless the file is broken. @throws StoreError `damaged` */
export function damaged(): never {
  throw new StoreError('damaged', 'the ledger is damaged: a row does not have the form that it must have');
}
