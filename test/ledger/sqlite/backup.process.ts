/**
 * Copies a ledger, and ends at the first word of progress of the kind that it is given: is killed, or leaves.
 */
import { type Progress, sqliteArchive } from '../../../src/ledger/index.ts';

const [what, from = '', to = '', when, how] = process.argv.slice(2);

const onProgress: Progress = (kind) => {
  if (kind !== when) {
    return;
  }
  if (how === 'leaves') {
    process.exit(130);
  }
  process.kill(process.pid, 'SIGKILL');
};
const options = { replace: true, onProgress };
if (what === 'backup') {
  await sqliteArchive(from).backup(to, options);
} else {
  await sqliteArchive(to).restore(from, options, 0);
}
