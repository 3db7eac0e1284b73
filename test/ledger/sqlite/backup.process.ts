/** Copies a ledger, and ends at the first word of progress of the kind that it is given: is killed, or leaves. */
import { backupSqlite, type Progress, restoreSqlite } from '../../../src/ledger/index.ts';

const [what, from = '', to = '', when, how] = process.argv.slice(2);

const onProgress: Progress = (kind) => {
  if (kind !== when) return;
  if (how === 'leaves') process.exit(130);
  process.kill(process.pid, 'SIGKILL');
};
const options = { replace: true, onProgress };
if (what === 'backup') await backupSqlite(from, to, options);
else await restoreSqlite(from, to, options, 0);
