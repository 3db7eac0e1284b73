import type { DatabaseSync } from 'node:sqlite';
import { type Head, NO_HEAD } from '../format/chain.ts';
import { readHeads } from '../format/rows.ts';

/** A transfer's place among those of one of its two accounts. */
export interface Link {
  /** `seq` of the account's transfer before it, 0 for the first. */
  readonly previous: number;
  /** 1, 2, 3…: how many the account then has. */
  readonly number: number;
}

/**
 * How far the history of each account has come.
 *
 * The transfers of an account form a chain from the newest to the oldest: each row names the one before it,
 * for its payer and for its payee. So a payment writes at the end of the table only, whoever pays whom; an
 * index by account would write all over a file that grows. What was appended counts only once it is settled.
 */
export class Chains {
  readonly #heads = new Map<number, Head>();
  readonly #appended = new Map<number, Head>();

  /**
   * Forgets everything and reads the heads that are committed.
   *
   * @throws StoreError `damaged`; SQLite's error
   */
  load(database: DatabaseSync): void {
    this.#heads.clear();
    this.#appended.clear();
    for (const { account, ...head } of readHeads(database)) {
      this.#heads.set(account, head);
    }
  }

  head(account: number): Head {
    return this.#appended.get(account) ?? this.#heads.get(account) ?? NO_HEAD;
  }

  append(account: number, seq: number): Link {
    const { lastSeq, transfers } = this.head(account);
    const number = transfers + 1;
    this.#appended.set(account, { lastSeq: seq, transfers: number });
    return { previous: lastSeq, number };
  }

  /** What was appended is committed. */
  settle(): void {
    for (const [account, head] of this.#appended) {
      this.#heads.set(account, head);
    }
    this.#appended.clear();
  }

  /** What was appended is taken back. */
  revert(): void {
    this.#appended.clear();
  }
}
