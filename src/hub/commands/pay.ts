import { OK } from '../../protocol/index.ts';
import type { Refused } from '../effects.ts';
import { NO_SPACE } from '../space.ts';
import { balanceOf, onlineEntry, transferView } from '../views.ts';
import type { Command } from './command.ts';

/** Why the ledger refuses an order, as the wire says it. */
const REFUSALS = {
  bad_amount: { refused: 'BAD_AMOUNT' },
  id_reused: { refused: 'ID_REUSED' },
  payer_frozen: { refused: 'BAD_REQUEST', text: "FAIL: This account is frozen; ask the server's operator" },
  payee_unknown: { refused: 'PAYEE_UNKNOWN' },
  payee_self: { refused: 'PAYEE_SELF' },
  // Why somebody cannot be paid now is nobody else's business.
  payee_frozen: { refused: 'PAYEE_OFFLINE' },
  payable: { refused: 'PAYEE_OFFLINE' },
  insufficient_funds: { refused: 'INSUFFICIENT_FUNDS' },
} as const satisfies Record<string, Refused>;

/**
 * Moves money to somebody who is online, once for each id. The payee is told when it has moved, and not again
 * when the same order is repeated.
 */
export const pay: Command<'pay'> = {
  run({ ledger, presence, quotas, space, effects, now }, _client, { to, amount, id, memo }, account) {
    const order = { payer: account, id, payee: to, amount, memo: memo === '' ? null : memo };
    // Whoever asks again after a lost answer moves nothing, and is to learn what has moved.
    if (!ledger.isExecuted(order)) {
      if (!quotas.mayPay(account, now)) {
        return { refused: 'TOO_MANY' };
      }
      if (!space.mayGrow) {
        return NO_SPACE;
      }
    }
    // Whether the payee is online comes before the payer's balance (the protocol's README, 4).
    const payee = presence.find(to);
    const done = payee === undefined ? ledger.check(order) : ledger.transfer(order, now);
    if (done.status !== 'ok' && done.status !== 'exists') {
      return REFUSALS[done.status];
    }
    const transfer = transferView(done.transfer);
    if (done.status === 'ok') {
      effects.push(PAYMENT);
      if (payee !== undefined) {
        effects.push({
          type: 'notification',
          client: payee,
          account: to,
          method: 'paid',
          params: { transfer },
        });
      }
    }
    const balance = balanceOf(ledger, account);
    return {
      result: { ...OK, transfer, balance, payee: payee === undefined ? null : onlineEntry(to, payee) },
    };
  },
  orders: ({ id }, payer) => [{ payer, id }],
};

const PAYMENT = { type: 'payment' } as const;
