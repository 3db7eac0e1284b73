import { type AuditReport, audit } from '../audit.ts';
import { DEFAULT_CURRENCY, MAX_READINGS } from '../limits.ts';
import type { Progress } from '../progress.ts';
import { type Currency, StoreError } from '../store.ts';
import { SqliteSnapshot } from './snapshot.ts';

/** What an audit has found, and what the money that it counts is called. */
export interface FileReport extends AuditReport {
  readonly currency: Currency;
}

/**
 * Audits the ledger in a file, whether a server has it open or not. Takes no lock and writes nothing.
 * Throws `StoreError`: `foreign`, `older_schema`, `newer_schema`, `locked`, `damaged`, `io`.
 */
export async function auditFile(path: string, onProgress?: Progress): Promise<FileReport> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await auditOnce(path, onProgress);
    } catch (error) {
      const isChanged = error instanceof StoreError && error.code === 'locked';
      if (!isChanged || reading === MAX_READINGS) throw error;
    }
  }
}

async function auditOnce(path: string, onProgress: Progress | undefined): Promise<FileReport> {
  const snapshot = new SqliteSnapshot(path);
  try {
    const currency = await snapshot.currency().catch(() => undefined);
    return { ...(await audit(snapshot, { onProgress })), currency: currency ?? DEFAULT_CURRENCY };
  } finally {
    await snapshot.close();
  }
}
