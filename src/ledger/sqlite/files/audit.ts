import type { BooksReport, Progress } from '../../archive.ts';
import { audit } from '../../audit/audit.ts';
import { DEFAULT_CURRENCY } from '../../limits.ts';
import { readSnapshot } from '../snapshot/read.ts';

/**
 * Audits the ledger in a file, whether a server has it open or not. Writes nothing.
 *
 * @throws StoreError `damaged`, `io`; ArchiveError `foreign`, `older_schema`, `newer_schema`, `changed`
 */
export function auditFile(path: string, onProgress?: Progress): Promise<BooksReport> {
  return readSnapshot(path, async (snapshot) => {
    const currency = await snapshot.currency().catch(() => undefined);
    const report = await audit(snapshot, { onProgress: (done, all) => onProgress?.('audit', done, all) });
    return { ...report, currency: currency ?? DEFAULT_CURRENCY };
  });
}
