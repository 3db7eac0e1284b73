import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import {
  ArchiveError,
  type BooksReport,
  type CopyOptions,
  type Progress,
  type RestoreReport,
} from '../../archive.ts';
import { BUSY_TIMEOUT_MS } from '../../limits.ts';
import { StoreError } from '../../store.ts';
import { LOG_INDEX, WITH_CONTENT } from '../format/companions.ts';
import { ledgerError } from '../format/errors.ts';
import { requireLedger } from '../format/file-checks.ts';
import { Lock } from '../format/lock.ts';
import { requireSoundLog } from '../format/log-check.ts';
import { canonical, openSqlite } from '../live/open.ts';
import { emptyLog } from '../live/settle.ts';
import { Reader } from '../snapshot/reader.ts';
import { auditFile } from './audit.ts';
import { copyPages } from './copy.ts';
import { Draft, requireRoom, takeName } from './draft.ts';

/**
 * The restore of an archive, to the ledger at `to`, whose folder must exist.
 *
 * @param now milliseconds since 1970
 * @throws StoreError `locked`, `full`, `damaged`, `io`; ArchiveError `exists`, `foreign`, `newer_schema`,
 *   `changed`
 */
export async function restoreFile(
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
    requireAnother(from, path);
    if (!replace) {
      requireNothing(path);
    }
    const found = await auditBackup(from, onProgress);
    if (found?.ok === false) {
      return { ...found, kept: undefined };
    }
    draft = new Draft(path);
    requireRoom(from, draft.path);
    await copyBackup(from, draft.path, onProgress);
    const report = await auditDraft(draft.path, onProgress);
    if (!report.ok) {
      return { ...report, kept: undefined };
    }
    const kept = replaceLedger(path, now, draft, replace);
    return { ...report, kept };
  } catch (error) {
    throw ledgerError(error, draft?.path ?? path);
  } finally {
    draft?.discard();
    lock?.release();
  }
}

/** Of a ledger that is gone its log may be left, and money in it. */
function requireNothing(path: string): void {
  const found = ['', ...WITH_CONTENT].map((suffix) => path + suffix).find(existsSync);
  if (found !== undefined) {
    throw new ArchiveError('exists', `${found} is there already`);
  }
}

/** A ledger is no backup of itself. */
function requireAnother(from: string, path: string): void {
  const { ino, dev } = statSync(from);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.ino === ino && found.dev === dev) {
    throw new StoreError('io', `${from} is the ledger itself: a backup of it is needed`);
  }
}

/** Undefined for one of an earlier version, which can only be audited once its copy is brought up to date. */
async function auditBackup(from: string, onProgress: Progress | undefined): Promise<BooksReport | undefined> {
  try {
    return await auditFile(from, onProgress);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'older_schema') {
      return undefined;
    }
    throw error;
  }
}

async function copyBackup(from: string, draft: string, onProgress: Progress | undefined): Promise<void> {
  const reader = new Reader(from, 'accepted');
  try {
    await copyPages(reader, draft, onProgress);
  } finally {
    reader.close();
  }
}

/** Opens the copy as a server would, which brings it up to date, and audits it. */
async function auditDraft(draft: string, onProgress: Progress | undefined): Promise<BooksReport> {
  await openSqlite(draft).close();
  return auditFile(draft, onProgress);
}

/**
 * Gives the ledger a second name, so that at no moment there is none under its first, and then puts the new
 * one in its place. A log beside it is carried into it before, or, where the ledger is too broken for that,
 * goes aside with it: left behind, it would be taken for a part of the new one. When anything fails, all is
 * as it was.
 */
function replaceLedger(path: string, now: number, draft: Draft, replace: boolean): string | undefined {
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const kept = `${path}-before-${time}`;
  const wasThere = existsSync(path);
  if (wasThere) {
    carryLogIn(path);
  }
  const undo: (() => void)[] = [];
  try {
    if (wasThere) {
      takeName(path, kept);
      undo.push(() => renameBack(kept, path));
    }
    for (const suffix of WITH_CONTENT.filter((one) => existsSync(path + one))) {
      renameSync(path + suffix, kept + suffix);
      undo.push(() => renameSync(kept + suffix, path + suffix));
    }
    // SQLite makes it anew, of the log that is there then.
    rmSync(path + LOG_INDEX, { force: true });
    draft.putInPlace(replace);
  } catch (error) {
    // The ledger first: its log must never stand beside another one, which would take it for its own.
    for (const step of undo) {
      attempt(step);
    }
    throw error;
  }
  return wasThere ? kept : undefined;
}

/**
 * Where both names are of the one file, renaming does nothing (rename(2)): then `kept` is one name too many.
 */
function renameBack(kept: string, path: string): void {
  renameSync(kept, path);
  rmSync(kept, { force: true });
}

/** What keeps one step from being undone must not keep the others. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The error that led here says why.
  }
}

/**
 * A log that is sound is emptied, unless the ledger itself is in the way.
 *
 * @throws StoreError `locked`, `full`
 */
function carryLogIn(path: string): void {
  try {
    requireLedger(path);
    requireSoundLog(path);
    checkpoint(path);
  } catch (error) {
    const explained = ledgerError(error, path);
    if (explained.code === 'locked' || explained.code === 'full') {
      throw explained;
    }
    // It may be replaced just because it cannot be read.
  }
}

function checkpoint(path: string): void {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    if (!emptyLog(database)) {
      throw new StoreError(
        'locked',
        `the log of the ledger ${path} cannot be emptied: another program is reading the ledger`,
      );
    }
  } finally {
    database.close();
  }
}
