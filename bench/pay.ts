/**
 * Durable payments, from order to answer, through the real server over loopback: a payment counts when its
 * payer has the answer, which the server gives once it is on disk.
 */
import type { Case, Contender } from './case.ts';
import { Batches } from './pay/batches.ts';
import { farthing, type Load } from './pay/farthing.ts';
import { pgbench } from './pay/pgbench.ts';
import { store } from './pay/store.ts';

const CLIENTS = 64;

/**
 * Orders that a pipelining client has under way: with 64 clients, 1,024 in all, a quarter of what one batch
 * may hold.
 */
const DEPTH = 16;

function payments(
  name: string,
  title: string,
  load: Load,
  contenders: (batches: Batches) => readonly Contender[],
): Case {
  const batches = new Batches(load.clients * load.depth);
  return {
    name,
    title,
    unit: 'payments/s',
    better: 'more',
    reference: 'store',
    contenders: contenders(batches),
    extraSeconds: 5,
  };
}

const pipelined: Load = { clients: CLIENTS, depth: DEPTH, payees: 'uniform' };
const oneByOne: Load = { clients: CLIENTS, depth: 1, payees: 'uniform' };
const hot: Load = { clients: CLIENTS, depth: DEPTH, payees: 'hot' };

/** Payments of many to many, pipelined. */
export const pay = payments(
  'pay',
  `durable payments, ${CLIENTS} clients with ${DEPTH} orders under way each`,
  pipelined,
  (batches) => [
    farthing(pipelined, 'native', batches),
    farthing(pipelined, 'noble', batches),
    store(pipelined, batches),
    pgbench(CLIENTS),
  ],
);

/** Payments of many to many, each client waiting for one answer before the next order. */
export const paySeq = payments(
  'pay-seq',
  `durable payments, ${CLIENTS} clients with one order under way each`,
  oneByOne,
  (batches) => [
    farthing(oneByOne, 'native', batches),
    farthing(oneByOne, 'noble', batches),
    store(oneByOne, batches),
    pgbench(CLIENTS),
  ],
);

/** Payments of many to one. */
export const payHot = payments(
  'pay-hot',
  `durable payments to one account, ${CLIENTS} clients with ${DEPTH} orders under way each`,
  hot,
  (batches) => [farthing(hot, 'native', batches), store(hot, batches)],
);
