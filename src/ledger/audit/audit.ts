import type { Books } from '../books/books.ts';
import { MAX_PROBLEMS } from '../limits.ts';
import {
  ISSUER_ID,
  ISSUER_NAME,
  type Movement,
  type Snapshot,
  type StoredBooks,
  StoreError,
} from '../store.ts';
import { auditOperations } from './operations.ts';

/** What an audit has found. */
export interface AuditReport {
  /** No problem was found. */
  readonly ok: boolean;
  /** Without the issuer. */
  readonly accounts: number;
  readonly transfers: number;
  /** Minor units in the hands of people. */
  readonly circulation: number;
  /** A sentence each, at most 100. */
  readonly problems: readonly string[];
}

export interface AuditOptions {
  /** What is in memory, to be compared with what is stored. */
  readonly books?: Books;
  /** Told now and then: transfers that were carried out, of so many. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/**
 * Reads all books of one moment and checks them:
 * - the sum of all balances, the issuer's among them, is zero
 * - carrying out every transfer again, from nothing, gives the stored balances, and on the way no balance but
 *   the issuer's is ever negative
 * - `seq` counts 1, 2, 3… without gaps
 * - the operator's log explains what is frozen, whose key was changed, and what was issued and redeemed
 * - the books in memory, where there are any, say what those on disk say
 * - the store finds its own files in order
 *
 * Damage is reported, not thrown.
 *
 * @throws StoreError `io`; ArchiveError `changed`
 */
export async function audit(
  snapshot: Snapshot,
  { books, onProgress }: AuditOptions = {},
): Promise<AuditReport> {
  const problems: string[] = [];
  const counts = { accounts: 0, transfers: 0, circulation: 0 };
  try {
    const stored = await snapshot.books();
    counts.accounts = stored.accounts.length;
    counts.circulation = 0 - stored.issuerBalance;
    problems.push(...(books === undefined ? [] : compareWithMemory(stored, books)), ...checkSum(stored));
    const replay = new Replay(stored);
    for await (const slice of snapshot.transfers()) {
      for (const row of slice) {
        replay.carryOut(row);
      }
      counts.transfers += slice.length;
      onProgress?.(counts.transfers, stored.lastSeq);
    }
    problems.push(
      ...replay.finish(),
      ...(await auditOperations(snapshot, stored, books)),
      ...(await snapshot.check()),
    );
  } catch (error) {
    // What cannot be read is what an audit is there to report; any other failure is the caller's.
    if (!(error instanceof StoreError && error.code === 'damaged')) {
      throw error;
    }
    problems.push(error.message);
  }
  return { ok: problems.length === 0, ...counts, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** The transfers from the first on, carried out on accounts that have nothing. */
class Replay {
  /** By account; changed in place, since there are millions of transfers. */
  readonly #balances = new Map<number, { balance: number }>([[ISSUER_ID, { balance: 0 }]]);
  readonly #problems: string[] = [];
  readonly #stored: StoredBooks;
  #lastSeq = 0;

  constructor(stored: StoredBooks) {
    this.#stored = stored;
    for (const { id } of stored.accounts) {
      this.#balances.set(id, { balance: 0 });
    }
  }

  carryOut({ seq, payer, payee, amount }: Movement): void {
    if (seq !== this.#lastSeq + 1) {
      this.#report(`transfer ${seq} follows transfer ${this.#lastSeq}`);
    }
    this.#lastSeq = seq;
    this.#move(payer, -amount, seq);
    this.#move(payee, amount, seq);
  }

  finish(): string[] {
    const { issuerBalance, accounts } = this.#stored;
    const issuer = { id: ISSUER_ID, name: ISSUER_NAME, balance: issuerBalance };
    for (const { id, name, balance } of [issuer, ...accounts]) {
      const replayed = this.#balances.get(id)?.balance;
      if (replayed !== balance) {
        this.#report(`account ${name} has ${balance} stored, but its transfers leave ${replayed}`);
      }
    }
    return this.#problems;
  }

  #move(account: number, amount: number, seq: number): void {
    const replayed = this.#balances.get(account);
    if (replayed === undefined) {
      this.#report(`transfer ${seq} names account ${account}, which does not exist`);
      return;
    }
    const after = replayed.balance + amount;
    if (!Number.isSafeInteger(after) || (after < 0 && account !== ISSUER_ID)) {
      this.#report(`transfer ${seq} brings account ${account} to ${after}`);
    }
    replayed.balance = after;
  }

  #report(problem: string): void {
    if (this.#problems.length < MAX_PROBLEMS) {
      this.#problems.push(problem);
    }
  }
}

function checkSum({ issuerBalance, accounts }: StoredBooks): string[] {
  // The sum of damaged balances may be beyond what a number holds exactly.
  const sum = accounts.reduce((total, { balance }) => total + BigInt(balance), BigInt(issuerBalance));
  return sum === 0n ? [] : [`the balances add up to ${sum}, not to zero`];
}

function compareWithMemory(stored: StoredBooks, books: Books): string[] {
  const problems: string[] = [];
  const differs = (what: string, disk: number, memory: number): void => {
    if (disk !== memory && problems.length < MAX_PROBLEMS) {
      problems.push(`${what}: ${disk} on disk, ${memory} in memory`);
    }
  };
  differs('accounts', stored.accounts.length, books.accounts);
  differs('last transfer', stored.lastSeq, books.lastSeq);
  differs('circulation', 0 - stored.issuerBalance, books.circulation);
  for (const { name, balance } of stored.accounts) {
    differs(`balance of ${name}`, balance, books.byName(name)?.balance ?? Number.NaN);
  }
  return problems;
}
