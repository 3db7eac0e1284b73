import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditReport, Ledger, openSqlite, StoreError, type StoreErrorCode } from '../ledger/index.ts';
import type { Currency } from '../protocol/index.ts';
import { ServerError, type ServerErrorCode } from './errors.ts';

const CODES = {
  locked: 'data_locked',
  newer_schema: 'data_newer',
  foreign: 'data_foreign',
  other_currency: 'data_other_currency',
  damaged: 'data_damaged',
  conflict: 'data_io',
  full: 'data_full',
  io: 'data_io',
} as const satisfies Record<StoreErrorCode, ServerErrorCode>;

/** What an audit has found, and what the money that it counts is called. */
export interface BooksReport extends AuditReport {
  readonly currency: Currency;
}

/** The ledger's file inside the data folder. */
export function ledgerPath(dataDir: string): string {
  return join(dataDir, 'ledger.db');
}

/** Why the books cannot be opened, as an error of the server. */
export function booksError(code: StoreErrorCode, text: string): ServerError {
  return new ServerError(CODES[code], text);
}

/**
 * Audits the books in a folder while no server has them open.
 * Rejects with ServerError: `data_missing`, `data_locked`, `data_damaged`, …
 */
export async function auditBooks(dataDir: string): Promise<BooksReport> {
  const path = ledgerPath(dataDir);
  if (!existsSync(path)) throw new ServerError('data_missing', `there are no books in ${dataDir}`);
  try {
    const store = openSqlite(path);
    try {
      const ledger = await Ledger.open(store);
      const currency = { name: ledger.currency, scale: ledger.scale };
      return { ...(await ledger.audit()), currency };
    } finally {
      await store.close();
    }
  } catch (error) {
    throw error instanceof StoreError ? booksError(error.code, error.message) : error;
  }
}
