import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Progress } from '../progress.ts';
import { StoreError } from '../store.ts';
import { auditFile, type FileReport } from './audit-file.ts';
import type { CopyOptions } from './backup.ts';
import { copyPages } from './copy.ts';
import { storeError } from './errors.ts';
import { requireLedger } from './file-checks.ts';
import { Draft, linkOrMove, requireRoom } from './files.ts';
import { Lock } from './lock.ts';
import { requireSoundLog } from './log-check.ts';
import { canonical, openSqlite } from './open.ts';
import { Reader } from './reader.ts';

export interface RestoreReport extends FileReport {
  /** Where the ledger is now that was there before; undefined where there was none, or nothing was done. */
  readonly kept: string | undefined;
}

/**
 * Puts the backup at `from` in the place of the ledger at `to`, whose folder must exist, and keeps what was there under
 * a name with the time `now` in it, ms since 1970. Both the backup and the copy of it are audited before anything is
 * replaced; when either is not in order, the report says so and all is as it was. A crash leaves the one ledger or the
 * other, whole.
 *
 * Throws `StoreError`: `locked` while a server has the ledger, `exists`, `full`, and whatever {@link Reader} throws.
 */
export async function restoreSqlite(
  from: string,
  to: string,
  { replace, onProgress }: CopyOptions,
  now: number,
): Promise<RestoreReport> {
  const path = canonical(to);
  let lock: Lock | undefined;
  let draft: Draft | undefined;
  try {
    lock = new Lock(path);
    if (!replace) requireNothing(path);
    // Nobody writes to it any more, so a log beside it, as of a copied data folder, must be whole.
    if (existsSync(`${from}-wal`)) requireSoundLog(`${from}-wal`);
    const found = await auditBackup(from, onProgress);
    if (found?.ok === false) return { ...found, kept: undefined };
    draft = new Draft(path);
    requireRoom(from, draft.path);
    await copyBackup(from, draft.path, onProgress);
    const report = await auditDraft(draft.path, onProgress);
    if (!report.ok) return { ...report, kept: undefined };
    const kept = setAside(path, now);
    draft.putInPlace(replace);
    return { ...report, kept };
  } catch (error) {
    throw storeError(error, draft?.path ?? path);
  } finally {
    draft?.discard();
    lock?.release();
  }
}

const REMAINS = ['', '-wal', '-journal'];

function requireNothing(path: string): void {
  const found = REMAINS.map((suffix) => path + suffix).find(existsSync);
  if (found !== undefined) throw new StoreError('exists', `there are books already: ${found}`);
}

/** Undefined for one of an earlier version, which can only be audited once its copy is brought up to date. */
async function auditBackup(from: string, onProgress: Progress | undefined): Promise<FileReport | undefined> {
  try {
    return await auditFile(from, onProgress);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'older_schema') return undefined;
    throw error;
  }
}

async function copyBackup(from: string, draft: string, onProgress: Progress | undefined): Promise<void> {
  const reader = new Reader(from, 'any schema');
  try {
    await copyPages(reader, draft, onProgress);
  } finally {
    reader.close();
  }
}

/** Opens the copy as a server would, which brings it up to date, and audits it. */
async function auditDraft(draft: string, onProgress: Progress | undefined): Promise<FileReport> {
  await openSqlite(draft).close();
  return auditFile(draft, onProgress);
}

/**
 * Gives the ledger a second name, so that at no moment there is none under its first. A log beside it is carried into it
 * before, or, where the ledger is too broken for that, goes aside with it: left behind, it would be taken for a part of
 * the new one.
 */
function setAside(path: string, now: number): string | undefined {
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const kept = `${path}-before-${time}`;
  if (existsSync(path)) settleLog(path);
  for (const suffix of ['-wal', '-journal']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix);
  }
  rmSync(`${path}-shm`, { force: true });
  if (!existsSync(path)) return undefined;
  linkOrMove(path, kept);
  return kept;
}

function settleLog(path: string): void {
  try {
    requireLedger(path);
    if (existsSync(`${path}-wal`)) requireSoundLog(`${path}-wal`);
    const database = new DatabaseSync(path);
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      database.close();
    }
  } catch {
    // It may be replaced just because it cannot be read.
  }
}
