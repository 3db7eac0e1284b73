import type { Journal, JournalRange } from '../../archive.ts';
import { DEFAULT_CURRENCY } from '../../limits.ts';
import type { Transfer } from '../../rules/order.ts';
import type { Currency } from '../../store.ts';
import { damaged } from '../format/rows.ts';
import { SqliteSnapshot } from '../snapshot/snapshot.ts';

/**
 * The transfers of a ledger as they were when it was opened. Lets go of that moment at once: what is read
 * later never changes.
 */
export class SqliteJournal implements Journal {
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

  /** @throws ArchiveError `foreign`, `older_schema`, `newer_schema`, `changed`; StoreError `damaged`, `io` */
  static async open(path: string): Promise<SqliteJournal> {
    const snapshot = await SqliteSnapshot.open(path);
    try {
      const currency = (await snapshot.currency()) ?? DEFAULT_CURRENCY;
      const journal = new SqliteJournal(snapshot, currency, await snapshot.names(), await snapshot.lastSeq());
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
      if (name === account) {
        return id;
      }
    }
    return undefined;
  }

  #name(account: number): string {
    return this.#names.get(account) ?? damaged();
  }
}
