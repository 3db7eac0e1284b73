import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ArchiveError, type BooksReport, type CopyOptions } from '../../archive.ts';
import { StoreError } from '../../store.ts';
import { WITH_CONTENT } from '../format/companions.ts';
import { ledgerError } from '../format/errors.ts';
import { requireLedger } from '../format/file-checks.ts';
import { requireSoundRemains } from '../snapshot/at-rest.ts';
import { readAgain } from '../snapshot/read.ts';
import { Reader } from '../snapshot/reader.ts';
import { auditFile } from './audit.ts';
import { copyPages } from './copy.ts';
import { Draft, requireRoom } from './draft.ts';

/**
 * The backup of an archive, of the ledger at `path`.
 *
 * @throws StoreError `full`, `damaged`, `io`; ArchiveError `exists`, `foreign`, `older_schema`,
 *   `newer_schema`, `changed`
 */
export async function backupFile(path: string, to: string, options: CopyOptions): Promise<BooksReport> {
  try {
    const target = requireTarget(path, to, options.replace);
    await requireSoundRemains(path);
    return await readAgain(() => backupOnce(path, target, options));
  } catch (error) {
    throw ledgerError(error, path);
  }
}

async function backupOnce(
  path: string,
  target: string,
  { replace, onProgress }: CopyOptions,
): Promise<BooksReport> {
  let draft: Draft | undefined;
  try {
    const reader = new Reader(path);
    try {
      draft = new Draft(target);
      requireRoom(path, draft.path);
      await copyPages(reader, draft.path, onProgress);
    } finally {
      reader.close();
    }
    const report = await auditFile(draft.path, onProgress);
    if (report.ok) {
      draft.putInPlace(replace);
    }
    return report;
  } catch (error) {
    throw ledgerError(error, draft?.path ?? path);
  } finally {
    draft?.discard();
  }
}

/** Nothing but a ledger, and never the one in use, is replaced by a backup. */
function requireTarget(path: string, to: string, replace: boolean): string {
  const target = join(folderOf(resolve(to)), basename(to));
  const found = statSync(target, { throwIfNoEntry: false });
  const { ino, dev } = statSync(path);
  if (found?.ino === ino && found.dev === dev) {
    throw new StoreError('io', `${target} is the ledger itself: a backup of it needs another name`);
  }
  for (const companion of WITH_CONTENT) {
    if (existsSync(target + companion)) {
      throw new StoreError(
        'io',
        `${target}${companion} is there: SQLite would take it for a part of the backup. Choose another name`,
      );
    }
  }
  if (found === undefined) {
    return target;
  }
  if (!found.isFile()) {
    throw new StoreError('io', `${target} is no file: give the name of one to be made`);
  }
  if (!replace) {
    throw new ArchiveError('exists', `${target} is there already`);
  }
  requireLedger(target);
  return target;
}

function folderOf(target: string): string {
  const folder = dirname(target);
  if (!existsSync(folder)) {
    throw new StoreError('io', `there is no folder ${folder} in which ${basename(target)} could be made`);
  }
  return realpathSync(folder);
}
