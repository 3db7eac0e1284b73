import { OutcomeUnknownError, type Payment } from '../../../client/index.ts';
import { UsageError } from '../../shell/arguments.ts';
import { readAmount, readMemo, readName } from '../../shell/inputs.ts';
import { toDecimal } from '../../text/money.ts';
import { printable } from '../../text/printable.ts';
import { balanceLine, paidLine } from '../../text/words.ts';
import type { Line } from './line.ts';
import { newOrder, tellUnknown } from './order.ts';
import { askFor, isLoggedIn, type OrderUnderWay, type Prompt } from './prompt.ts';

/** Pays, and shows the new balance at once; how the payee was told follows when it is known. */
export async function pay(prompt: Prompt, line: Extract<Line, { readonly do: 'pay' }>): Promise<void> {
  const { wallet, screen, paint } = prompt;
  const { name: from, currency } = wallet;
  if (!isLoggedIn(prompt) || from === undefined || currency === undefined) {
    return;
  }
  if (line.from !== undefined && line.from.toLowerCase() !== from) {
    throw new UsageError(`you are ${from}: nobody but ${line.from} can pay for ${line.from}`);
  }
  const to = line.to ?? (await askFor(prompt, 'Payee'));
  if (to === undefined) {
    return;
  }
  const payee = readName(to);
  const typed = line.amount ?? (await askFor(prompt, `Amount in ${printable(currency.name)}`));
  if (typed === undefined) {
    return;
  }
  const amount = readAmount(typed, currency.scale);
  const memo = readMemo(line.memo ?? '');

  const order = newOrder({ from, to: payee, amount: toDecimal(amount, currency.scale), memo });
  const payment = await send(prompt, order, amount);
  if (payment === undefined) {
    return;
  }
  screen.print(paidLine(payment.transfer, currency, paint), balanceLine(payment.balance, currency));
  const told = payment.delivery.then((how) => {
    screen.print(paint.faint(`${payee} was told ${how}`));
    prompt.deliveries.delete(told);
  });
  prompt.deliveries.add(told);
}

/** Undefined when the outcome is unknown, which has been said. */
async function send(prompt: Prompt, order: OrderUnderWay, amount: number): Promise<Payment | undefined> {
  const { to, memo, id } = order;
  prompt.order = order;
  try {
    return await prompt.wallet.pay(to, amount, { memo, id });
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) {
      throw error;
    }
    tellUnknown(prompt);
    return undefined;
  } finally {
    prompt.order = undefined;
  }
}
