/**
 * What becomes of the ledger as it grows: of a payment, of a page of history and of a start, in a ledger of
 * millions of transfers and in one of few. The ledger and its store are alone in a process: no thread, no
 * link, no message.
 */
import type { Case, Contender, Running, Sample } from './case.ts';
import {
  ACCOUNTS,
  type FillOrder,
  type GrowthSetup,
  ledgerIn,
  newBooks,
  PROGRAM,
} from './growth-ledger-books.ts';
import { Helper } from './pay/helper.ts';

/**
 * What is to be repeated: a commit of so many payments; a page anywhere in the newer half of so many
 * transfers; a start.
 */
type Work =
  | { readonly type: 'pay'; readonly batch: number }
  | { readonly type: 'history'; readonly transfers: number }
  | { readonly type: 'start' };

export type GrowthOrder = FillOrder | (Work & { readonly seconds: number });

/** Transfers of a ledger that has been in use for long. */
const TRANSFERS = 5_000_000;

/** Payments in one commit: what a server with 64 clients that wait for each answer has at a time. */
const BATCH = 64;

/**
 * Transfers of the smaller ledger where there must be a history: everybody still has a full page of it, and
 * more.
 */
const SHARE = 0.2;

/** How long it takes to fill a ledger, s for each round and contender. */
const EXTRA_SECONDS = 10;

/** The cost of a payment, 64 to a commit, with so many transfers behind it and with none. */
export function ledgerGrowth(transfers: number): Case {
  const work: Work = { type: 'pay', batch: BATCH };
  return {
    name: 'growth-ledger',
    title: `durable payments in the ledger alone, ${BATCH} in each commit, among ${ACCOUNTS} accounts`,
    unit: 'payments/s',
    better: 'more',
    reference: 'farthing-empty',
    contenders: [contender('farthing', transfers, work), contender('farthing-empty', 0, work)],
    extraSeconds: EXTRA_SECONDS,
  };
}

/** The cost of a page of 100 transfers, of anybody and from any depth. */
export function historyGrowth(transfers: number): Case {
  const few = Math.round(transfers * SHARE);
  return {
    name: 'growth-history',
    title: `pages of 100 transfers of any of ${ACCOUNTS} accounts, at any depth, one after the other`,
    unit: 'pages/s',
    better: 'more',
    reference: 'farthing-fifth',
    contenders: [
      contender('farthing', transfers, { type: 'history', transfers }),
      contender('farthing-fifth', few, { type: 'history', transfers: few }),
    ],
    extraSeconds: EXTRA_SECONDS,
  };
}

/** The cost of opening and loading the ledger. */
export function startGrowth(transfers: number): Case {
  return {
    name: 'growth-start',
    title: `close the ledger, open it and load it, with ${ACCOUNTS} accounts`,
    unit: 'starts/s',
    better: 'more',
    reference: 'farthing-empty',
    contenders: [
      contender('farthing', transfers, { type: 'start' }),
      contender('farthing-empty', 0, { type: 'start' }),
    ],
    extraSeconds: EXTRA_SECONDS,
  };
}

export const growthLedger: Case = ledgerGrowth(TRANSFERS);
export const growthHistory: Case = historyGrowth(TRANSFERS);
export const growthStart: Case = startGrowth(TRANSFERS);

function contender(name: string, transfers: number, work: Work): Contender {
  return {
    name,
    detail: `src/ledger on SQLite (WAL, synchronous=FULL) with ${transfers.toLocaleString('en')} transfers at the beginning`,
    start: async (): Promise<Running> => {
      const folder = await newBooks(transfers);
      const setup: GrowthSetup = { ledger: ledgerIn(folder.path), accounts: ACCOUNTS };
      const helper = new Helper<GrowthOrder, Sample>(PROGRAM, setup);
      return {
        measure: (seconds) => helper.ask({ ...work, seconds }),
        close: async () => {
          await helper.end();
          folder.remove();
        },
      };
    },
  };
}
