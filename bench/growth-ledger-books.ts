import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DiskFolder, newDiskFolder } from './pay/folder.ts';
import { Helper } from './pay/helper.ts';

export interface GrowthSetup {
  /** The file of the ledger. */
  readonly ledger: string;
  readonly accounts: number;
}

/** Makes so many payments, and lets go of the ledger. */
export interface FillOrder {
  readonly type: 'fill';
  readonly transfers: number;
}

/** What a helper is asked to run, seen from the folder of helpers. */
export const PROGRAM = '../growth-ledger.process.ts';

export const ACCOUNTS = 10_000;

/** By the number of transfers: filling a ledger takes a minute or two, and several cases want the same. */
const filled = new Map<number, Promise<DiskFolder>>();

/** A new folder with a ledger of so many transfers in it, beside the welcome grants. */
export async function newBooks(transfers: number): Promise<DiskFolder> {
  if (transfers === 0) {
    return newDiskFolder();
  }
  const original = filled.get(transfers) ?? fill(transfers);
  filled.set(transfers, original);
  const { path } = await original;
  const folder = newDiskFolder();
  copyFileSync(ledgerIn(path), ledgerIn(folder.path));
  return folder;
}

/** The file of the ledger. */
export function ledgerIn(folder: string): string {
  return join(folder, 'ledger.db');
}

/** Through the commits of the ledger itself. The folder is gone when this process ends. */
async function fill(transfers: number): Promise<DiskFolder> {
  const folder = newDiskFolder();
  process.once('exit', () => folder.remove());
  const setup: GrowthSetup = { ledger: ledgerIn(folder.path), accounts: ACCOUNTS };
  const helper = new Helper<FillOrder, unknown>(PROGRAM, setup);
  try {
    await helper.ask({ type: 'fill', transfers });
  } finally {
    await helper.end();
  }
  return folder;
}
