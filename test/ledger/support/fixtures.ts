import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  Ledger,
  type LedgerSettings,
  type Order,
  type Store,
  sqliteArchive,
} from '../../../src/ledger/index.ts';
import { type Changes, MAX_HISTORY, type Snapshot, StoreError } from './internals.ts';

/** Any moment does: the ledger has no clock. Milliseconds since 1970. */
export const NOW = 1_700_000_000_000;

/** The path of a ledger that does not exist yet, in a directory that goes away with the test. */
export function newPath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-ledger-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'ledger.db');
}

/** A ledger that is closed with the test, unless the test does. */
export async function openAt(t: TestContext, path: string, settings?: LedgerSettings): Promise<Ledger> {
  return openOn(t, await sqliteArchive(path).open(), settings);
}

export async function openOn(t: TestContext, store: Store, settings?: LedgerSettings): Promise<Ledger> {
  t.after(() => store.close().catch(() => undefined));
  return Ledger.open(store, settings);
}

/** 32 bytes. */
export function keyOf(name: string): Uint8Array {
  return new Uint8Array(Buffer.alloc(32, name));
}

/** 16 bytes. */
export function idOf(number: number): Uint8Array {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(number, 12);
  return new Uint8Array(id);
}

export function order(
  payer: string,
  payee: string,
  amount: number,
  id: number,
  memo: string | null = null,
): Order {
  return { payer, payee, amount, id: idOf(id), memo };
}

export async function registerAll(ledger: Ledger, ...names: string[]): Promise<void> {
  for (const name of names) {
    ledger.register(name, keyOf(name), NOW);
  }
  await ledger.commit();
}

/** One order as a batch of its own, not committed; the payee is online. */
export async function pay(ledger: Ledger, one: Order) {
  await ledger.prefetch([one]);
  return ledger.transfer(one, NOW);
}

/** `seq` of every transfer of an account, newest first, read in pages. */
export async function allSeqs(ledger: Ledger, name: string, limit = MAX_HISTORY): Promise<number[]> {
  const seqs: number[] = [];
  for (let page = await ledger.history(name, undefined, limit); page.length > 0; ) {
    seqs.push(...page.map(({ seq }) => seq));
    page = await ledger.history(name, seqs.at(-1), limit);
  }
  return seqs;
}

/** Commits a batch of 64 orders from alice to bob, other ones for each `batch`. */
export async function payBatch(ledger: Ledger, batch: number): Promise<void> {
  const orders = Array.from({ length: 64 }, (_, i) =>
    order('alice', 'bob', 1, batch * 64 + i, 'm'.repeat(200)),
  );
  await ledger.prefetch(orders);
  for (const one of orders) {
    ledger.transfer(one, NOW);
  }
  await ledger.commit();
}

/**
 * A store whose next commit or load fails: `refused` before anything is written, `midway` by a second
 * transfer with the same `seq`, which the store beneath finds after it has written everything else.
 */
export class FailingStore implements Store {
  failCommit: 'refused' | 'midway' | undefined;
  failLoad = false;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async commit(changes: Changes): Promise<void> {
    const failure = this.failCommit;
    this.failCommit = undefined;
    if (failure === 'refused') {
      throw new StoreError('full', 'no space is left');
    }
    const last = changes.transfers.at(-1);
    if (failure === 'midway' && last !== undefined) {
      return this.#store.commit({ ...changes, transfers: [...changes.transfers, last] });
    }
    return this.#store.commit(changes);
  }

  async load() {
    if (this.failLoad) {
      this.failLoad = false;
      throw new StoreError('io', 'cannot be read');
    }
    return this.#store.load();
  }

  create(...args: Parameters<Store['create']>) {
    return this.#store.create(...args);
  }

  findTransfers(...args: Parameters<Store['findTransfers']>) {
    return this.#store.findTransfers(...args);
  }

  history(...args: Parameters<Store['history']>) {
    return this.#store.history(...args);
  }

  snapshot(): Promise<Snapshot> {
    return this.#store.snapshot();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
