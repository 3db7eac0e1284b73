import { DEFAULT_CURRENCY } from '../../limits.ts';
import type { Transfer } from '../../rules/order.ts';
import type { Currency } from '../../store.ts';
import { damaged } from '../format/rows.ts';
import { SqliteSnapshot } from '../snapshot/snapshot.ts';

/** Which transfers are asked for. */
export interface JournalRange {
  /** The first `seq`. */
  readonly from: number;
  /** The last `seq`. */
  readonly to: number;
  /** Only those that the account of this name pays or is paid. */
  readonly account?: string | undefined;
}

/**
 * The transfers of a ledger as they were when it was opened, to be read as slowly as anybody likes, whether a server has
 * it open or not. Takes no lock and writes nothing. Every method throws `StoreError`.
 */
export class Journal {
  readonly currency: Currency;
  readonly #snapshot: SqliteSnapshot;
  readonly #names: ReadonlyMap<number, string>;
  readonly #lastSeq: number;

  private constructor(
    snapshot: SqliteSnapshot,
    currency: Currency,
    names: ReadonlyMap<number, string>,
    lastSeq: number,
  ) {
    this.#snapshot = snapshot;
    this.currency = currency;
    this.#names = names;
    this.#lastSeq = lastSeq;
  }

  static async open(path: string): Promise<Journal> {
    const snapshot = await SqliteSnapshot.open(path);
    try {
      const currency = (await snapshot.currency()) ?? DEFAULT_CURRENCY;
      const journal = new Journal(snapshot, currency, await snapshot.names(), await snapshot.lastSeq());
      // Whoever reads may pause for a night, and the log must not grow until then.
      snapshot.release();
      return journal;
    } catch (error) {
      await snapshot.close();
      throw error;
    }
  }

  has(account: string): boolean {
    return this.#idOf(account) !== undefined;
  }

  /** In the order of `seq`, in slices, so that no more than one of them is in memory. */
  async *transfers({ from, to, account }: JournalRange): AsyncGenerator<readonly Transfer[]> {
    const last = Math.min(to, this.#lastSeq);
    const range = { from, to: last, account: account === undefined ? undefined : this.#idOf(account) };
    for await (const slice of this.#snapshot.rows(range)) {
      yield slice.map(({ seq, id, payer, payee, amount, memo, at }) => {
        return { seq, id, from: this.#name(payer), to: this.#name(payee), amount, memo, at };
      });
    }
  }

  close(): Promise<void> {
    return this.#snapshot.close();
  }

  #idOf(account: string): number | undefined {
    for (const [id, name] of this.#names) {
      if (name === account) return id;
    }
    return undefined;
  }

  #name(account: number): string {
    return this.#names.get(account) ?? damaged();
  }
}
