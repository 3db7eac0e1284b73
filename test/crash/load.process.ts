/**
 * Pays in batches, and notes each answer in a file of the same folder:
 * `node load.process.ts FOLDER BATCHES SYNCHRONOUS`. Between two batches the ledger is closed and opened
 * again now and then. SYNCHRONOUS is FULL, or, to see what that is good for, NORMAL.
 */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Ledger, sqliteArchive } from '../../src/ledger/index.ts';
import { batchSize, GRANT, PEOPLE, payBatch, populate } from './load.ts';

const [folder = '', batches, synchronous = 'FULL'] = process.argv.slice(2);
/** Every so many batches it is closed; in between, the log grows until SQLite copies it by itself. */
const BATCHES_OF_A_LIFE = 900;

/** A setting that is changed behind the ledger's back, once the ledger has looked at it. */
async function opened(): Promise<Ledger> {
  const exec = DatabaseSync.prototype.exec;
  const connections = new Set<DatabaseSync>();
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    connections.add(this);
    exec.call(this, sql);
  };
  const store = await sqliteArchive(join(folder, 'ledger.db')).open();
  DatabaseSync.prototype.exec = exec;
  for (const connection of connections) {
    // The lock's connection is in a transaction, and writes nothing.
    if (connection.isOpen && !connection.isTransaction) {
      connection.exec(`PRAGMA synchronous = ${synchronous}`);
    }
  }
  return Ledger.open(store, { grant: GRANT });
}

const answers = openSync(join(folder, 'answers'), 'a');
const answer = (seq: number) => writeSync(answers, `${seq}\n`);
let ledger = await opened();
await populate(ledger);
answer(PEOPLE.length);
let next = PEOPLE.length + 1;
for (let batch = 1; batch <= Number(batches); batch += 1) {
  const last = await payBatch(ledger, next, batchSize(next));
  answer(last);
  next = last + 1;
  if (batch % BATCHES_OF_A_LIFE === 0) {
    await ledger.close();
    ledger = await opened();
  }
}
await ledger.close();
