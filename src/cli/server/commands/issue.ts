import { newOrderId } from '../../../client/index.ts';
import type { AccountReport } from '../../../operator/index.ts';
import { UsageError } from '../../shell/arguments.ts';
import { readAmount } from '../../shell/inputs.ts';
import { amountText, balanceText, looksLikeAmount } from '../../text/money.ts';
import { printable, quoted } from '../../text/printable.ts';
import { carryOut, readSubject } from '../operation.ts';
import type { OperatorContext, OperatorRun } from './command.ts';

/** Gives an account new money. */
export const issue: OperatorRun = (context) => move(context, 'issue', ['Issue', 'Issued'], 'to');

/** Takes money of an account back out of circulation. */
export const redeem: OperatorRun = (context) => move(context, 'redeem', ['Redeem', 'Redeemed'], 'from');

async function move(
  context: OperatorContext,
  kind: 'issue' | 'redeem',
  [does, did]: readonly [string, string],
  preposition: string,
) {
  const { name, reason } = readSubject(context);
  const words = context.words[1] ?? '';
  // Before the books are asked; how many decimals it may have is known only from them.
  if (!looksLikeAmount(words)) {
    readAmount(words, 2);
  }
  if (/^[0.]*$/.test(words)) {
    throw new UsageError('the amount must be more than zero');
  }
  const id = newOrderId();
  return carryOut(context, name, ({ currency }) => {
    const amount = readAmount(words, currency.scale);
    const what = `${amountText(amount, currency)} ${preposition} ${printable(name)}`;
    return {
      operation: { kind, name, amount, id, reason },
      question: `${does} ${what}, for ${quoted(reason)}?`,
      done: (account: AccountReport) => [
        `${did} ${what}`,
        `${printable(name)} has ${balanceText(account.balance, currency)}`,
      ],
    };
  });
}
