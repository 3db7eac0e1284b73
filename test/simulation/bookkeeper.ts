import {
  type Changes,
  ISSUER_ID,
  type Movement,
  type OperationRow,
  type Standing,
  type StoredBooks,
  type TransferRow,
} from '../ledger/support/internals.ts';
import type { ModelBooks } from './model-books.ts';
import { demand, same, show } from './same.ts';

/**
 * Watches what is written to the disk, commit by commit, and carries out every transfer once more by itself:
 * - `seq` counts 1, 2, 3… without gaps, and no order is written twice
 * - no balance but the issuer's is ever negative, all are what the transfers leave, and together they are
 *   zero
 * - friendships are one for a pair
 */
export class Bookkeeper {
  readonly #balances = new Map<number, number>([[ISSUER_ID, 0]]);
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, string>([[ISSUER_ID, 'issuer']]);
  readonly #transfers: TransferRow[] = [];
  readonly #orders = new Set<string>();
  readonly #friendships = new Map<string, string>();
  /** Whose key and whether frozen, by account. */
  readonly #standings = new Map<number, Standing>();
  readonly #operations: OperationRow[] = [];

  get transfers(): readonly TransferRow[] {
    return this.#transfers;
  }

  /** What a commit has written. */
  record(changes: Changes): void {
    const touched = new Set<number>();
    for (const { id, name, key, frozen } of changes.accounts) {
      demand(id === this.#names.size, () => `account ${name} has number ${id}`);
      demand(!this.#ids.has(name), () => `account ${name} is opened twice`);
      this.#names.set(id, name);
      this.#ids.set(name, id);
      this.#balances.set(id, 0);
      this.#standings.set(id, { key, frozen });
    }
    for (const { account, before } of changes.balances) {
      demand(
        this.#balances.get(account) === before,
        () => `a commit thinks that account ${account} has ${before}`,
      );
    }
    const redeemed = changes.operations.flatMap(({ kind, transfer }) =>
      kind === 'redeem' ? [transfer] : [],
    );
    for (const row of changes.transfers) {
      this.#carryOut(row, touched, redeemed);
    }
    for (const row of changes.operations) {
      this.#log(row);
    }
    for (const { account, before, after } of changes.standings) {
      const stored = this.#standings.get(account);
      demand(same(stored, before), () => `a commit thinks that account ${account} is ${show(before)}`);
      this.#standings.set(account, after);
    }
    for (const { account, after } of changes.balances) {
      this.#demandBalance(account, after);
      touched.delete(account);
    }
    for (const { id, balance } of changes.accounts) {
      this.#demandBalance(id, balance);
      touched.delete(id);
    }
    demand(touched.size === 0, () => `a commit keeps the old balance of accounts ${[...touched].join()}`);
    for (const { one, other, row } of changes.friendships) {
      this.#befriend(one, other, row);
    }
    this.#demandSumZero();
  }

  /** What the disk gives back, as a whole, is what was written. */
  compare(stored: StoredBooks): void {
    demand(
      stored.accounts.length === this.#names.size - 1,
      () => `${stored.accounts.length} accounts are stored`,
    );
    demand(stored.lastSeq === this.#transfers.length, () => `the last transfer stored is ${stored.lastSeq}`);
    this.#demandBalance(ISSUER_ID, stored.issuerBalance);
    const { lastOperation } = stored;
    demand(lastOperation === this.#operations.length, () => `the last operation stored is ${lastOperation}`);
    for (const { id, name, balance, key, frozen } of stored.accounts) {
      const standing = this.#standings.get(id);
      demand(
        same(standing, { key, frozen }),
        () => `${name} is stored with another key, or frozen: ${frozen}`,
      );
      demand(this.#names.get(id) === name, () => `account ${id} is stored as ${name}`);
      this.#demandBalance(id, balance);
    }
    const stand = stored.friendships.map(({ asker, asked, accepted }) => [
      pair(asker, asked),
      `${asker} ${accepted}`,
    ]);
    demand(
      same(Object.fromEntries(stand), Object.fromEntries(this.#friendships)),
      () => `the friendships stored are ${show(stand)}`,
    );
  }

  /** Every transfer that the disk gives back is the one that was written. */
  compareTransfers(stored: readonly Movement[]): void {
    demand(stored.length === this.#transfers.length, () => `${stored.length} transfers are stored`);
    for (const [at, { seq, payer, payee, amount }] of stored.entries()) {
      const row = this.#transfers[at];
      demand(
        row?.seq === seq && row.payer === payer && row.payee === payee && row.amount === amount,
        () => `transfer ${at + 1} is stored as ${show(stored[at])}`,
      );
    }
  }

  /** What was written is what should have been. `fully`: friendships and keys as well. */
  agrees(books: ModelBooks, fully: boolean): void {
    const { accounts, transfers } = books;
    demand(accounts.size === this.#ids.size, () => `${this.#ids.size} accounts, not ${accounts.size}`);
    demand(
      transfers.length === this.#transfers.length,
      () => `${this.#transfers.length} transfers on the disk, not ${transfers.length}`,
    );
    const last = transfers.at(-1);
    if (last !== undefined) {
      this.#demandTransfer(last.seq, last);
    }
    for (const { name, balance } of accounts.values()) {
      const stored = this.#balances.get(this.#ids.get(name) ?? -1);
      demand(stored === balance, () => `${name} has ${stored} on the disk, not ${balance}`);
    }
    if (!fully) {
      return;
    }
    for (const transfer of transfers) {
      this.#demandTransfer(transfer.seq, transfer);
    }
    this.#demandOperations(books);
    const stand = new Map<string, string>();
    for (const { name, friends } of accounts.values()) {
      for (const [other, state] of friends) {
        const [one, two] = [this.#ids.get(name) ?? -1, this.#ids.get(other) ?? -1];
        // Who asked is no longer said of an accepted friendship.
        if (state !== 'asking') {
          stand.set(pair(one, two), state === 'friend' ? 'friend' : `${one} asked`);
        }
      }
    }
    const written = [...this.#friendships].map(([both, how]) => {
      const [asker, accepted] = how.split(' ');
      return [both, accepted === 'true' ? 'friend' : `${asker} asked`];
    });
    demand(
      same(Object.fromEntries(stand), Object.fromEntries(written)),
      () => `friendships on the disk: ${show(written)}, not ${show([...stand])}`,
    );
  }

  #demandOperations({ accounts, operations }: ModelBooks): void {
    for (const { name, key, frozen } of accounts.values()) {
      const standing = this.#standings.get(this.#ids.get(name) ?? -1);
      demand(
        same(standing, { key, frozen }),
        () => `${name} has another key on the disk, or is not frozen: ${frozen}`,
      );
    }
    const log = this.#operations.map((row) => `${row.kind} ${this.#names.get(row.account)} ${row.reason}`);
    demand(same(log, operations), () => `the operator's log is ${show(log)}, not ${show(operations)}`);
  }

  #demandTransfer(seq: number, wanted: ModelBooks['transfers'][number]): void {
    const row = this.#transfers[seq - 1];
    demand(row !== undefined, () => `transfer ${seq} is missing`);
    const { id, payer, payee, amount, memo, at } = row;
    const named = {
      seq,
      id,
      from: this.#names.get(payer),
      to: this.#names.get(payee),
      amount,
      memo: memo ?? '',
      at,
    };
    demand(same(named, wanted), () => `transfer ${seq} on the disk is ${show(named)}, not ${show(wanted)}`);
  }

  #carryOut(row: TransferRow, touched: Set<number>, redeemed: readonly (number | null)[]): void {
    const { seq, id, payer, payee, amount } = row;
    demand(seq === this.#transfers.length + 1, () => `transfer ${seq} follows ${this.#transfers.length}`);
    demand(Number.isSafeInteger(amount) && amount > 0, () => `transfer ${seq} is of ${amount}`);
    demand(
      payer !== payee && (payee !== ISSUER_ID || redeemed.includes(seq)),
      () => `transfer ${seq} is from ${payer} to ${payee}`,
    );
    const order = `${payer} ${Buffer.from(id).toString('hex')}`;
    demand(!this.#orders.has(order), () => `transfer ${seq} pays an order for the second time`);
    this.#orders.add(order);
    this.#transfers.push(row);
    for (const [account, change] of [
      [payer, -amount],
      [payee, amount],
    ] as const) {
      const before = this.#balances.get(account);
      demand(before !== undefined, () => `transfer ${seq} names account ${account}`);
      const after = before + change;
      demand(
        after >= 0 || account === ISSUER_ID,
        () => `transfer ${seq} leaves account ${account} with ${after}`,
      );
      this.#balances.set(account, after);
      touched.add(account);
    }
  }

  #log(row: OperationRow): void {
    const { seq, kind, account, transfer, reason } = row;
    demand(seq === this.#operations.length + 1, () => `operation ${seq} follows ${this.#operations.length}`);
    this.#operations.push(row);
    if (kind !== 'issue' && kind !== 'redeem') {
      return;
    }
    const made = this.#transfers[(transfer ?? 0) - 1];
    const [from, to] = kind === 'issue' ? [ISSUER_ID, account] : [account, ISSUER_ID];
    demand(
      made?.payer === from && made.payee === to && made.memo === reason,
      () => `operation ${seq} has made ${show(made)}`,
    );
  }

  #befriend(one: number, other: number, row: StoredBooks['friendships'][number] | undefined): void {
    demand(one !== other, () => `account ${one} is its own friend`);
    if (row === undefined) {
      this.#friendships.delete(pair(one, other));
      return;
    }
    const { asker, asked, accepted } = row;
    demand(pair(asker, asked) === pair(one, other), () => `a friendship of other people: ${show(row)}`);
    this.#friendships.set(pair(one, other), `${asker} ${accepted}`);
  }

  #demandBalance(account: number, balance: number): void {
    const replayed = this.#balances.get(account);
    demand(
      balance === replayed,
      () => `account ${account} has ${balance}, but its transfers leave ${replayed}`,
    );
  }

  #demandSumZero(): void {
    let sum = 0n;
    for (const balance of this.#balances.values()) {
      sum += BigInt(balance);
    }
    demand(sum === 0n, () => `all balances together are ${sum}`);
  }
}

function pair(one: number, other: number): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
