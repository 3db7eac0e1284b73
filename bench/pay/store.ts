import { join } from 'node:path';
import type { Contender, Running, Sample } from '../case.ts';
import type { Batches } from './batches.ts';
import type { Load } from './farthing.ts';
import { newDiskFolder } from './folder.ts';
import { Helper } from './helper.ts';
import type { Payees } from './load.ts';
import type { Percentiles } from './percentile.ts';

export interface StoreSetup {
  /** The file of the ledger. */
  readonly ledger: string;
  readonly accounts: number;
  readonly payees: Payees;
}

/** Commits batches of these sizes, one after another and again from the first, for so many seconds. */
export interface StoreOrder {
  readonly seconds: number;
  readonly sizes: readonly number[];
}

/** Latencies are from the beginning of a batch to its commit: all of its payments wait so long. */
export interface StoreResult extends Percentiles {
  readonly payments: number;
  readonly seconds: number;
  readonly cpuUs: number;
}

/** The ledger and its store alone in a process: no thread, no link, no message. */
export function store({ clients, payees }: Load, batches: Batches): Contender {
  return {
    name: 'store',
    detail:
      'src/ledger on SQLite (WAL, synchronous=FULL) alone in a process, in the batch sizes that the server had',
    start: async (): Promise<Running> => {
      const folder = newDiskFolder();
      const setup: StoreSetup = { ledger: join(folder.path, 'ledger.db'), accounts: clients, payees };
      const helper = new Helper<StoreOrder, StoreResult>('store.process.ts', setup);
      return {
        measure: async (seconds): Promise<Sample> => {
          const { payments, cpuUs, ...result } = await helper.ask({ seconds, sizes: batches.sizes });
          return { ...result, rate: payments / result.seconds, serverCpuUs: cpuUs };
        },
        close: async () => {
          await helper.end();
          folder.remove();
        },
      };
    },
  };
}
