/**
 * Several people who pay each other, as a process of their own: `node clients.process.ts '{"journal": …}'`.
 * It goes on from what the journal says, prints how many answers it has had, and after `stop` on its standard
 * input ends as soon as every order is answered.
 */
import { hash } from 'node:crypto';
import { keyPairFromSecret } from '../../src/link/index.ts';
import { Random } from '../fuzz/random.ts';
import type { ClientsOptions } from './clients.ts';
import { Journal, readJournal } from './journal.ts';
import { Payer } from './payer.ts';

const {
  journal: path,
  port,
  serverKey,
  names,
  seed,
  depth,
} = JSON.parse(process.argv[2] ?? '') as ClientsOptions;
const unanswered = [...readJournal(path).values()].filter(({ seqs }) => seqs.length === 0);
const journal = new Journal(path);
let answers = 0;

const payers: readonly Payer[] = names.map(
  (name, index) =>
    new Payer({
      name,
      others: names.filter((other) => other !== name),
      identity: keyPairFromSecret(new Uint8Array(hash('sha256', `${name} of the crash tests`, 'buffer'))),
      port,
      serverKey: new Uint8Array(Buffer.from(serverKey, 'hex')),
      journal,
      random: new Random(seed + index),
      depth,
      pending: unanswered.filter(({ payer }) => payer === name),
      answered: () => {
        answers += 1;
        process.stdout.write(`${answers}\n`);
      },
      allDone: () => payers.every(({ isDone }) => isDone),
    }),
);
process.stdin.once('data', () => {
  for (const payer of payers) {
    payer.stop();
  }
});
await Promise.all(payers.map((payer) => payer.run()));
journal.close();
process.exit();
