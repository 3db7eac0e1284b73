import { OK } from '../../protocol/index.ts';
import { onlineEntry } from '../presence.ts';
import { NO_ROOM, type Outcome } from '../turn.ts';
import type { Command } from './command.ts';
import { wireTransfer } from './history.ts';

/** Why the ledger refuses an order, as the wire says it. */
const REFUSALS = {
  bad_amount: { refused: 'BAD_AMOUNT' },
  id_reused: { refused: 'ID_REUSED' },
  payer_frozen: { refused: 'BAD_REQUEST', text: "FAIL: This account is frozen; ask the server's operator" },
  payee_unknown: { refused: 'PAYEE_UNKNOWN' },
  payee_self: { refused: 'PAYEE_SELF' },
  // Why somebody cannot be paid now is nobody else's business.
  payee_frozen: { refused: 'PAYEE_OFFLINE' },
  payee_offline: { refused: 'PAYEE_OFFLINE' },
  insufficient_funds: { refused: 'INSUFFICIENT_FUNDS' },
} as const satisfies Record<string, Outcome>;

/**
 * Moves money to somebody who is online, once for each id. The payee is told when it has moved, and not again when the
 * same order is repeated.
 */
export const pay: Command<'pay'> = {
  needs: 'logged in',
  rated: true,
  run(turn, _session, { to, amount, id, memo }, account) {
    const order = { payer: account, id, payee: to, amount, memo: memo === '' ? null : memo };
    // Whoever asks again after a lost answer moves nothing, and is to learn what has moved.
    if (!turn.ledger.isExecuted(order)) {
      if (!turn.mayPay(account)) return { refused: 'TOO_MANY' };
      if (!turn.mayGrow) return NO_ROOM;
    }
    const done = turn.ledger.transfer(order, turn.now, (name) => turn.presence.find(name) !== undefined);
    if (done.status !== 'ok' && done.status !== 'exists') return REFUSALS[done.status];
    if (done.status === 'ok') turn.payments += 1;
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
