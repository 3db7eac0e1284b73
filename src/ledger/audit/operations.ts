import type { Books } from '../books/books.ts';
import { MAX_PROBLEMS } from '../limits.ts';
import { grantId } from '../rules/register.ts';
import {
  type AccountRow,
  ISSUER_ID,
  type OperationRow,
  type Snapshot,
  type Standing,
  type StoredBooks,
  type TransferRow,
} from '../store.ts';

/**
 * Carries out the operator's log once more, and compares it with the accounts and with the transfers:
 * - `seq` counts 1, 2, 3… without gaps
 * - an account is frozen where the log leaves it so, and has the key of its last rekey; each rekey began with
 *   the key of the one before it
 * - the issuer pays nothing but welcome grants and what an entry says was issued, and is paid nothing but
 *   what an entry says was redeemed; each such entry has its transfer
 * - the books in memory, where there are any, say the same of each account
 */
export async function auditOperations(
  snapshot: Snapshot,
  stored: StoredBooks,
  books: Books | undefined,
): Promise<readonly string[]> {
  const replay = new OperationReplay(stored);
  for await (const slice of snapshot.operations()) {
    for (const row of slice) {
      replay.carryOut(row);
    }
  }
  for await (const slice of snapshot.issuerTransfers()) {
    for (const row of slice) {
      replay.explain(row);
    }
  }
  return replay.finish(books);
}

class OperationReplay {
  readonly #problems: string[] = [];
  readonly #stored: StoredBooks;
  readonly #accounts = new Map<number, AccountRow>();
  readonly #frozen = new Set<number>();
  readonly #keys = new Map<number, Uint8Array>();
  /** Entries by the `seq` of the transfer that they name. */
  readonly #moves = new Map<number, OperationRow>();
  #lastSeq = 0;

  constructor(stored: StoredBooks) {
    this.#stored = stored;
    for (const account of stored.accounts) {
      this.#accounts.set(account.id, account);
    }
  }

  carryOut(row: OperationRow): void {
    const { seq, kind, account } = row;
    if (seq !== this.#lastSeq + 1) {
      this.#report(`operation ${seq} follows operation ${this.#lastSeq}`);
    }
    this.#lastSeq = seq;
    if (!this.#accounts.has(account)) {
      this.#report(`operation ${seq} names account ${account}, which does not exist`);
    }
    if (kind === 'freeze' || kind === 'unfreeze') {
      this.#freeze(row);
    } else if (kind === 'rekey') {
      this.#rekey(row);
    } else {
      this.#move(row);
    }
  }

  /** A transfer from or to the issuer. */
  explain({ seq, id, payer, payee, memo }: TransferRow): void {
    const kind = payer === ISSUER_ID ? 'issue' : 'redeem';
    const account = payer === ISSUER_ID ? payee : payer;
    const entry = this.#moves.get(seq);
    this.#moves.delete(seq);
    if (entry === undefined) {
      const isGrant = kind === 'issue' && Buffer.from(id).equals(grantId(account));
      if (!isGrant) {
        this.#report(`transfer ${seq} is a${kind === 'issue' ? 'n' : ''} ${kind} that no operation explains`);
      }
    } else if (entry.kind !== kind || entry.account !== account || entry.reason !== memo) {
      this.#report(`operation ${entry.seq} names transfer ${seq}, which is another one than it says`);
    }
  }

  /** After all entries and all transfers of the issuer's. */
  finish(books: Books | undefined): readonly string[] {
    for (const { seq, transfer } of this.#moves.values()) {
      this.#report(`operation ${seq} names transfer ${transfer}, which the issuer has no part in`);
    }
    if (this.#stored.lastOperation !== this.#lastSeq) {
      this.#report(`the last operation is ${this.#lastSeq}, not ${this.#stored.lastOperation}`);
    }
    for (const account of this.#stored.accounts) {
      const replayed = {
        frozen: this.#frozen.has(account.id),
        key: this.#keys.get(account.id) ?? account.key,
      };
      this.#compare(account, replayed, 'its operations leave it otherwise');
      const held = books?.byName(account.name);
      if (held !== undefined) {
        this.#compare(account, held, 'in memory it is otherwise');
      }
    }
    if (books !== undefined && books.lastOperation !== this.#lastSeq) {
      this.#report(`last operation: ${this.#lastSeq} on disk, ${books.lastOperation} in memory`);
    }
    return this.#problems;
  }

  #freeze({ seq, kind, account }: OperationRow): void {
    if (this.#frozen.has(account) === (kind === 'freeze')) {
      this.#report(`operation ${seq} is a${kind === 'unfreeze' ? 'n' : ''} ${kind} that changes nothing`);
    }
    if (kind === 'freeze') {
      this.#frozen.add(account);
    } else {
      this.#frozen.delete(account);
    }
  }

  #rekey({ seq, account, oldKey, newKey }: OperationRow): void {
    const before = this.#keys.get(account);
    if (oldKey === null || newKey === null) {
      this.#report(`operation ${seq} does not say which key it replaced`);
      return;
    }
    if (before !== undefined && !Buffer.from(before).equals(oldKey)) {
      this.#report(`operation ${seq} replaced another key of account ${account} than it had`);
    }
    this.#keys.set(account, newKey);
  }

  #move(row: OperationRow): void {
    if (row.transfer === null || this.#moves.has(row.transfer)) {
      this.#report(`operation ${row.seq} has no transfer of its own`);
      return;
    }
    this.#moves.set(row.transfer, row);
  }

  #compare(stored: AccountRow, other: Standing, what: string): void {
    if (stored.frozen !== other.frozen) {
      this.#report(`account ${stored.name} is ${stored.frozen ? '' : 'not '}frozen as stored, but ${what}`);
    }
    if (!Buffer.from(stored.key).equals(other.key)) {
      this.#report(`account ${stored.name} has a key as stored, but ${what}`);
    }
  }

  #report(problem: string): void {
    if (this.#problems.length < MAX_PROBLEMS) {
      this.#problems.push(problem);
    }
  }
}
