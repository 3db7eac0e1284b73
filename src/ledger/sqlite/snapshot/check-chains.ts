import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { MAX_PROBLEMS } from '../../limits.ts';
import { type Head, isMilestone, NO_HEAD } from '../format/chain.ts';
import type { AccountHead, ChainedRow } from '../format/rows.ts';

/**
 * Makes the chains of all accounts once more from the transfers alone, and compares them with what is stored:
 * each link, each account's head, and that the milestones are those that must be there and no others.
 */
export class ChainCheck {
  readonly #database: DatabaseSync;
  readonly #findMilestone: StatementSync;
  /** By account; changed in place, since there are millions of links. */
  readonly #heads = new Map<number, { -readonly [K in keyof Head]: Head[K] }>();
  readonly #problems: string[] = [];
  #milestones = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#findMilestone = database.prepare('SELECT 1 FROM milestone WHERE account = ? AND seq = ?');
  }

  /** The transfers in the order of `seq`, one after another. */
  follow({ seq, payer, payee, payerPrevious, payeePrevious }: ChainedRow): void {
    this.#followLink(payer, seq, payerPrevious);
    this.#followLink(payee, seq, payeePrevious);
  }

  /**
   * After the last transfer, with what was stored of each account when that was the last. Gives a sentence
   * for each difference, at most 100.
   */
  finish(stored: readonly AccountHead[], lastTransfer: number): readonly string[] {
    for (const { account, lastSeq, transfers } of stored) {
      const head = this.#heads.get(account) ?? NO_HEAD;
      if (lastSeq !== head.lastSeq || transfers !== head.transfers) {
        this.#report(
          `account ${account} has ${transfers} transfers stored up to ${lastSeq}, not ${head.transfers} up to ${head.lastSeq}`,
        );
      }
    }
    const count = this.#database.prepare('SELECT count(*) AS count FROM milestone WHERE seq <= ?');
    const listed = count.get(lastTransfer)?.['count'];
    if (listed !== this.#milestones) {
      this.#report(`there are ${listed} milestones, not ${this.#milestones}`);
    }
    return this.#problems;
  }

  #followLink(account: number, seq: number, previous: number): void {
    let head = this.#heads.get(account);
    if (head === undefined) {
      head = { ...NO_HEAD };
      this.#heads.set(account, head);
    }
    if (previous !== head.lastSeq) {
      this.#report(
        `transfer ${seq} of account ${account} follows its ${head.lastSeq}, but names ${previous}`,
      );
    }
    head.lastSeq = seq;
    head.transfers += 1;
    if (isMilestone(head.transfers)) {
      this.#milestones += 1;
      if (this.#findMilestone.get(account, seq) === undefined) {
        this.#report(`transfer ${seq} is not listed as a milestone of account ${account}`);
      }
    }
  }

  #report(problem: string): void {
    if (this.#problems.length < MAX_PROBLEMS) {
      this.#problems.push(problem);
    }
  }
}
