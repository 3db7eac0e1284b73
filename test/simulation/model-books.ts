import { orderId } from './asks.ts';
import { sameBytes } from './same.ts';

/** How one person stands to another, as the wire says it. */
export type Standing = 'friend' | 'asked' | 'asking';

export interface ModelAccount {
  readonly name: string;
  key: Uint8Array;
  balance: number;
  /** It neither pays nor is paid. */
  frozen: boolean;
  /** By the other's name. */
  readonly friends: Map<string, Standing>;
}

/** A transfer as the wire has it. */
export interface ModelTransfer {
  readonly seq: number;
  readonly id: Uint8Array;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly memo: string;
  readonly at: number;
}

const ISSUER = 'issuer';

/** Money that the operator moves. */
export interface ModelMove {
  readonly kind: 'issue' | 'redeem';
  readonly name: string;
  readonly amount: number;
  /** Which order it is of the payer's. */
  readonly order: number;
  readonly reason: string;
}

/** What the operator does. */
export type ModelOperation =
  | ModelMove
  | { readonly kind: 'freeze' | 'unfreeze'; readonly name: string; readonly reason: string }
  | { readonly kind: 'rekey'; readonly name: string; readonly key: Uint8Array; readonly reason: string };

export interface OperationDone {
  readonly status: string;
  readonly transfer?: ModelTransfer;
}

/** The largest number of minor units there may be: beyond it integers of the wire end. */
const MOST = 2 ** 53 - 1;

/** What lasts: accounts, money, friendships. Nothing is clever here; that is its use. */
export class ModelBooks {
  readonly accounts = new Map<string, ModelAccount>();
  readonly transfers: ModelTransfer[] = [];
  /** What the operator has done, each in a few words. */
  readonly operations: string[] = [];
  /** By payer and number of the order. */
  readonly #orders = new Map<string, ModelTransfer>();

  clone(): ModelBooks {
    const copy = new ModelBooks();
    for (const account of this.accounts.values()) {
      copy.accounts.set(account.name, { ...account, friends: new Map(account.friends) });
    }
    copy.transfers.push(...this.transfers);
    copy.operations.push(...this.operations);
    for (const [key, transfer] of this.#orders) {
      copy.#orders.set(key, transfer);
    }
    return copy;
  }

  /** What people have together. */
  get circulation(): number {
    let sum = 0;
    for (const { balance } of this.accounts.values()) {
      sum += balance;
    }
    return sum;
  }

  account(name: string): ModelAccount {
    const account = this.accounts.get(name);
    if (account === undefined) {
      throw new RangeError(`the model has no ${name}`);
    }
    return account;
  }

  order(payer: string, order: number): ModelTransfer | undefined {
    return this.#orders.get(`${payer} ${order}`);
  }

  /** False: the grant would make more money than can be counted. */
  register(name: string, key: Uint8Array, grant: number, at: number): boolean {
    if (grant > MOST - this.circulation) {
      return false;
    }
    const account: ModelAccount = { name, key, balance: grant, frozen: false, friends: new Map() };
    this.accounts.set(name, account);
    if (grant > 0) {
      this.#book(grantId(this.accounts.size), ISSUER, name, grant, '', at);
    }
    return true;
  }

  /** Between two accounts, or between one and the issuer. */
  pay(from: string, order: number, to: string, amount: number, memo: string, at: number): ModelTransfer {
    if (from !== ISSUER) {
      this.account(from).balance -= amount;
    }
    if (to !== ISSUER) {
      this.account(to).balance += amount;
    }
    const transfer = this.#book(orderId(order), from, to, amount, memo, at);
    this.#orders.set(`${from} ${order}`, transfer);
    return transfer;
  }

  /** The operator does something. What came of it, and the transfer that it made or had made before. */
  operate(operation: ModelOperation, at: number): OperationDone {
    const account = this.accounts.get(operation.name);
    if (account === undefined) {
      return { status: 'account_unknown' };
    }
    const done = this.#operate(account, operation, at);
    if (done.status === 'ok') {
      this.operations.push(`${operation.kind} ${operation.name} ${operation.reason}`);
    }
    return done;
  }

  #operate(account: ModelAccount, operation: ModelOperation, at: number): OperationDone {
    switch (operation.kind) {
      case 'freeze':
        if (account.frozen) {
          return { status: 'already_frozen' };
        }
        account.frozen = true;
        return { status: 'ok' };
      case 'unfreeze':
        if (!account.frozen) {
          return { status: 'not_frozen' };
        }
        account.frozen = false;
        return { status: 'ok' };
      case 'rekey':
        if (sameBytes(account.key, operation.key)) {
          return { status: 'same_key' };
        }
        account.key = operation.key;
        return { status: 'ok' };
      default:
        return this.#move(account, operation, at);
    }
  }

  /** Money from the issuer to an account, or back. */
  #move(account: ModelAccount, operation: ModelMove, at: number): OperationDone {
    const { kind, name, amount, order, reason } = operation;
    const [from, to] = kind === 'issue' ? [ISSUER, name] : [name, ISSUER];
    if (amount <= 0) {
      return { status: 'bad_amount' };
    }
    const first = this.order(from, order);
    if (first !== undefined) {
      const again = first.to === to && first.amount === amount && first.memo === reason;
      return again ? { status: 'exists', transfer: first } : { status: 'id_reused' };
    }
    if (kind === 'issue' && amount > MOST - this.circulation) {
      return { status: 'issue_exhausted' };
    }
    if (kind === 'redeem' && account.balance < amount) {
      return { status: 'insufficient_funds' };
    }
    return { status: 'ok', transfer: this.pay(from, order, to, amount, reason, at) };
  }

  /** Undefined: nothing is between them any more. */
  relate(one: string, other: string, standing: Standing | undefined): void {
    const mine = this.account(one).friends;
    const theirs = this.account(other).friends;
    if (standing === undefined) {
      mine.delete(other);
      theirs.delete(one);
    } else {
      mine.set(other, standing);
      theirs.set(one, mirrored(standing));
    }
  }

  /** Newest first. */
  history(name: string, before: number, limit: number): ModelTransfer[] {
    const page: ModelTransfer[] = [];
    for (let at = Math.min(this.transfers.length, before - 1); at > 0 && page.length < limit; at--) {
      const transfer = this.transfers[at - 1] as ModelTransfer;
      if (transfer.from === name || transfer.to === name) {
        page.push(transfer);
      }
    }
    return page;
  }

  #book(id: Uint8Array, from: string, to: string, amount: number, memo: string, at: number): ModelTransfer {
    const transfer = { seq: this.transfers.length + 1, id, from, to, amount, memo, at };
    this.transfers.push(transfer);
    return transfer;
  }
}

export function mirrored(standing: Standing): Standing {
  if (standing === 'friend') {
    return 'friend';
  }
  return standing === 'asked' ? 'asking' : 'asked';
}

/** The id of the welcome grant of the n-th account: a UUID of version 8 that holds n. */
function grantId(account: number): Uint8Array {
  const id = new Uint8Array(16);
  id[6] = 0x80;
  id[8] = 0x80;
  id[14] = account >>> 8;
  id[15] = account;
  return id;
}
