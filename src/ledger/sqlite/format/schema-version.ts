import type { DatabaseSync } from 'node:sqlite';
import { ArchiveError } from '../../archive.ts';
import { pragma } from './settings.ts';

/**
 * What becomes of a ledger of an earlier version: it is brought up to date before its use, or only read,
 * which it cannot be.
 */
export type Older = 'accepted' | 'refused';

/**
 * Comes before anything that depends on the schema, or could change the file.
 *
 * @param known the version that this program writes
 * @throws ArchiveError `newer_schema`; `older_schema` where an older one is refused
 */
export function requireKnownSchema(database: DatabaseSync, path: string, known: number, older: Older): void {
  const version = pragma(database, 'user_version');
  if (version === known || (version < known && older === 'accepted')) {
    return;
  }
  const isNewer = version > known;
  throw new ArchiveError(
    isNewer ? 'newer_schema' : 'older_schema',
    `the ledger ${path} was written by ${isNewer ? 'a later' : 'an earlier'} version of this program ` +
      `(schema ${version}, known ${known})`,
  );
}
