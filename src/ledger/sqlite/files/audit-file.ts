import { type AuditReport, audit } from '../../audit/audit.ts';
import { DEFAULT_CURRENCY } from '../../limits.ts';
import type { Progress } from '../../progress.ts';
import type { Currency } from '../../store.ts';
import { readAgain } from '../snapshot/at-rest.ts';
import { SqliteSnapshot } from '../snapshot/snapshot.ts';

/** What an audit has found, and what the money that it counts is called. */
export interface FileReport extends AuditReport {
  readonly currency: Currency;
}

/**
 * Audits the ledger in a file, whether a server has it open or not. Writes nothing.
 * Throws `StoreError`: `foreign`, `older_schema`, `newer_schema`, `changed`, `damaged`, `io`.
 */
export async function auditFile(path: string, onProgress?: Progress): Promise<FileReport> {
  return readAgain(() => auditOnce(path, onProgress));
}

async function auditOnce(path: string, onProgress: Progress | undefined): Promise<FileReport> {
  const snapshot = await SqliteSnapshot.open(path);
  try {
    const currency = await snapshot.currency().catch(() => undefined);
    return { ...(await audit(snapshot, { onProgress })), currency: currency ?? DEFAULT_CURRENCY };
  } finally {
    await snapshot.close();
  }
}
