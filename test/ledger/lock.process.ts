/** Opens the books, says so, and holds them until it is killed or its input ends. */
import { openSqlite } from '../../src/ledger/index.ts';

openSqlite(process.argv[2] ?? '');
console.log('open');
process.stdin.resume();
