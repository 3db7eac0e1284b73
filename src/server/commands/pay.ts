import { type ErrorName, OK } from '../../protocol/index.ts';
import { onlineEntry } from '../presence.ts';
import type { Command } from './command.ts';
import { wireTransfer } from './history.ts';

/** Why the ledger refuses an order, as the wire says it. */
const REFUSALS = {
  bad_amount: 'BAD_AMOUNT',
  id_reused: 'ID_REUSED',
  payee_unknown: 'PAYEE_UNKNOWN',
  payee_self: 'PAYEE_SELF',
  payee_offline: 'PAYEE_OFFLINE',
  insufficient_funds: 'INSUFFICIENT_FUNDS',
} as const satisfies Record<string, ErrorName>;

/**
 * Moves money to somebody who is online, once for each id. The payee is told when it has moved, and not again when the
 * same order is repeated.
 */
export const pay: Command<'pay'> = {
  needs: 'logged in',
  rated: true,
  run(turn, _session, { to, amount, id, memo }, account) {
    const order = { payer: account, id, payee: to, amount, memo: memo === '' ? null : memo };
    const done = turn.ledger.transfer(order, turn.now, (name) => turn.presence.find(name) !== undefined);
    if (done.status !== 'ok' && done.status !== 'exists') return { refused: REFUSALS[done.status] };
    const transfer = wireTransfer(done.transfer);
    const payee = turn.presence.find(transfer.to);
    if (done.status === 'ok' && payee !== undefined) turn.push(payee, 'paid', { transfer });
    return {
      result: {
        ...OK,
        transfer,
        balance: turn.balance(account),
        payee: payee === undefined ? null : onlineEntry(transfer.to, payee),
      },
    };
  },
};
