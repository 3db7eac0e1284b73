/**
 * Commits until there is no space, which a limit on the size of files sets from outside; tries once more;
 * audits.
 */
import { Ledger, StoreError, sqliteArchive } from '../../src/ledger/index.ts';
import { payBatch, registerAll } from './support/fixtures.ts';

const ledger = await Ledger.open(await sqliteArchive(process.argv[2] ?? '').open(), { grant: 1_000_000 });
await registerAll(ledger, 'alice', 'bob');
let batches = 0;
const codes: string[] = [];
while (codes.length < 2) {
  try {
    await payBatch(ledger, batches);
    batches += 1;
  } catch (error) {
    if (!(error instanceof StoreError)) {
      throw error;
    }
    codes.push(error.code);
  }
}
console.log(JSON.stringify({ codes, batches, audit: await ledger.audit() }));
await ledger.close();
