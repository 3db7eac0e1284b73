/** What the operator may see of the books, as plain data: it travels between threads. */
import type { Ledger, OperationStatus } from '../ledger/index.ts';
import type { Currency } from '../protocol/index.ts';

/** An account as its operator may see it. */
export interface AccountReport {
  readonly name: string;
  /** Minor units. */
  readonly balance: number;
  readonly currency: Currency;
  readonly frozen: boolean;
  /** 64 hex digits. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
  readonly online: boolean;
}

/** What the books hold. */
export interface Holdings {
  /** Without the issuer. */
  readonly accounts: number;
  readonly transfers: number;
  /** Minor units in the hands of people. */
  readonly circulation: number;
  readonly currency: Currency;
  /** False while payments are refused because the disk is as good as full. */
  readonly mayGrow: boolean;
}

/** What came of an operation. Only `ok` has changed anything. */
export type OperationOutcome =
  | {
      /** `exists`: this very operation was carried out before. */
      readonly status: 'ok' | 'exists';
      /** As it is afterwards. */
      readonly account: AccountReport;
      /** Of the transfer that it made, if it moves money: its place among all transfers. */
      readonly transfer: number | null;
    }
  | { readonly status: Exclude<OperationStatus, 'ok' | 'exists'> }
  /** The books could not be written, and are as they were. */
  | { readonly status: 'failed'; readonly text: string };

/** What came of the operation with this ticket. */
export interface Operated {
  readonly ticket: number;
  readonly outcome: OperationOutcome;
}

/** An account, if there is one of that name. @throws StoreError */
export function accountReport(ledger: Ledger, name: string, online: boolean): AccountReport | undefined {
  const account = ledger.account(name);
  if (account === undefined) {
    return undefined;
  }
  const { balance, frozen, key, registeredAt } = account;
  return {
    name: account.name,
    balance,
    currency: { name: ledger.currency, scale: ledger.scale },
    frozen,
    key: hex(key),
    registeredAt,
    online,
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
