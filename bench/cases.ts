import type { Case } from './case.ts';
import { growthHistory, growthLedger, growthStart } from './growth-ledger.ts';
import { pay, payHot, paySeq } from './pay.ts';
import { PRIMITIVES } from './primitives.ts';
import { START } from './start.ts';
import { WIRE_CASES } from './wire/cases.ts';

/** All cases, in the order in which they run. */
export const CASES: readonly Case[] = [
  ...WIRE_CASES,
  pay,
  paySeq,
  payHot,
  growthLedger,
  growthHistory,
  growthStart,
  START,
  ...PRIMITIVES,
];
