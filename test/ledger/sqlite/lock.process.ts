/** Opens the books, says so, and holds them until it is killed or its input ends. */
import { sqliteArchive } from '../../../src/ledger/index.ts';

const store = await sqliteArchive(process.argv[2] ?? '').open();
console.log('open');
process.stdin.resume();
// What nobody refers to any more is collected, and with it the lock.
process.stdin.on('end', () => store.close());
