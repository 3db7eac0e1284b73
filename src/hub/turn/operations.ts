/** What the operator does to the books and to accounts. */
import assert from 'node:assert/strict';
import { ISSUER_NAME, type Ledger, type Operation } from '../../ledger/index.ts';
import type { Operate } from '../inputs.ts';
import { depart } from '../presence/presence.ts';
import { accountReport, type OperationOutcome } from '../reports.ts';
import { transferView } from '../views.ts';
import type { Turn } from './turn.ts';

/** Carries out an operation in the books, and says what came of it. What it changed is not committed yet. */
function operateOn(
  ledger: Ledger,
  operation: Operation,
  now: number,
  isOnline: (name: string) => boolean,
): OperationOutcome {
  const done = ledger.operate(operation, now);
  if (done.status !== 'ok' && done.status !== 'exists') {
    return { status: done.status };
  }
  const account = accountReport(ledger, operation.name, isOnline(operation.name));
  assert(account !== undefined, 'an operation has an account');
  return { status: done.status, account, transfer: done.transfer?.seq ?? null };
}

/**
 * Carries out an operation among the requests of a batch, and tells whose account it is, where they are
 * online.
 */
export function operate(turn: Turn, { ticket, operation }: Operate): void {
  const { ledger, presence, effects, now, failure } = turn;
  if (failure !== undefined) {
    effects.push({
      type: 'operated',
      operated: { ticket, outcome: { status: 'failed', text: failure.text } },
    });
    return;
  }
  const outcome = operateOn(ledger, operation, now, (name) => presence.find(name) !== undefined);
  const { kind, name } = operation;
  effects.push(
    { type: 'operated', operated: { ticket, outcome } },
    { type: 'event', event: { event: 'operation', kind, name, status: outcome.status } },
  );
  if (outcome.status === 'ok') {
    tell(turn, operation, outcome.transfer);
  }
}

const NOTICES = {
  freeze: 'Your account is frozen: it can neither pay nor be paid. Ask the operator.',
  unfreeze: 'Your account is no longer frozen.',
  redeem: 'The operator has taken money back from your account; your history shows it.',
  rekey: 'The operator has given this name to another key.',
} as const;

/** `seq`: of the transfer that the operation made, if it moves money. */
function tell(turn: Turn, operation: Operation, seq: number | null): void {
  const { presence, effects, now: at } = turn;
  const account = operation.name;
  const client = presence.find(account);
  if (client === undefined) {
    return;
  }
  const notification = { type: 'notification', client, account } as const;
  if (operation.kind !== 'issue') {
    effects.push({ ...notification, method: 'notice', params: { text: NOTICES[operation.kind] } });
  } else if (seq !== null) {
    const { id, name: to, amount, reason: memo } = operation;
    const transfer = transferView({ seq, id, from: ISSUER_NAME, to, amount, memo, at });
    effects.push({ ...notification, method: 'paid', params: { transfer } });
  }
  if (operation.kind === 'rekey') {
    effects.push({
      ...notification,
      method: 'kicked',
      params: { text: 'This name belongs to another key now.' },
    });
    depart(turn, client);
    effects.push({ type: 'close', client });
  }
}
