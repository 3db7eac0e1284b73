/** What the operator asks of the hub, as plain data: it travels between threads. */
import {
  ISSUER_NAME,
  type Ledger,
  type Operation,
  type OperationStatus,
  type Order,
  operationOrder,
  type StoreError,
} from '../ledger/index.ts';
import type { Currency } from '../protocol/index.ts';
import { wireTransfer } from './commands/history.ts';
import { depart } from './presence.ts';
import type { Turn } from './turn.ts';

/** An operation of the operator's, executed among the requests of a batch and committed with them. */
export interface Operate {
  readonly type: 'operate';
  /** Comes back with what came of it. */
  readonly ticket: number;
  readonly operation: Operation;
}

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

/** An account, if there is one of that name. */
export function accountReport(ledger: Ledger, name: string, online: boolean): AccountReport | undefined {
  const account = ledger.account(name);
  if (account === undefined) return undefined;
  const { balance, frozen, key, registeredAt } = account;
  return {
    name: account.name,
    balance,
    currency: { name: ledger.currency, scale: ledger.scale },
    frozen,
    key: Buffer.from(key).toString('hex'),
    registeredAt,
    online,
  };
}

/** Carries out an operation in the books, and says what came of it. What it changed is not committed yet. */
export function operateOn(
  ledger: Ledger,
  operation: Operation,
  now: number,
  isOnline: (name: string) => boolean,
): OperationOutcome {
  const done = ledger.operate(operation, now);
  if (done.status !== 'ok' && done.status !== 'exists') return { status: done.status };
  const account = accountReport(ledger, operation.name, isOnline(operation.name));
  if (account === undefined) throw new RangeError('an operation has an account');
  return { status: done.status, account, transfer: done.transfer?.seq ?? null };
}

/** What must be looked for on disk before these operations are carried out. */
export function ordersOf(operations: readonly Operation[]): Pick<Order, 'payer' | 'id'>[] {
  return operations.flatMap((operation) => operationOrder(operation) ?? []);
}

/** Carries out an operation in a turn of the hub, and tells whose account it is, where they are online. */
export function operateInTurn(turn: Turn, { ticket, operation }: Operate): void {
  const outcome = operateOn(
    turn.ledger,
    operation,
    turn.now,
    (name) => turn.presence.find(name) !== undefined,
  );
  turn.operated.push({ ticket, outcome });
  const { kind, name } = operation;
  turn.log(() => ({ event: 'operation', kind, name, status: outcome.status }));
  if (outcome.status === 'ok') tell(turn, operation, outcome.transfer);
}

/** The operations of a batch whose commit has failed. */
export function failedOperation({ ticket }: Operate, error: StoreError): Operated {
  return { ticket, outcome: { status: 'failed', text: error.message } };
}

const NOTICES = {
  freeze: 'Your account is frozen: it can neither pay nor be paid. Ask the operator.',
  unfreeze: 'Your account is no longer frozen.',
  redeem: 'The operator has taken money back from your account; your history shows it.',
  rekey: 'The operator has given this name to another key.',
} as const;

function tell(turn: Turn, operation: Operation, seq: number | null): void {
  const session = turn.presence.find(operation.name);
  if (session === undefined) return;
  if (operation.kind !== 'issue') {
    turn.push(session, 'notice', { text: NOTICES[operation.kind] });
  } else if (seq !== null) {
    const { id, name: to, amount, reason: memo } = operation;
    const transfer = { seq, id, from: ISSUER_NAME, to, amount, memo, at: turn.now };
    turn.push(session, 'paid', { transfer: wireTransfer(transfer) });
  }
  if (operation.kind !== 'rekey') return;
  turn.push(session, 'kicked', { text: 'This name belongs to another key now.' });
  depart(turn, session);
  turn.close(session);
}
