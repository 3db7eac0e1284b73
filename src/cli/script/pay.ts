import { newOrderId } from '../../client/index.ts';
import { ORDER_ID_BYTES } from '../../protocol/index.ts';
import { readHex } from '../arguments.ts';
import { EXIT } from '../exit-status.ts';
import { hex } from '../fingerprint.ts';
import { readAmount, readMemo, readName } from '../inputs.ts';
import { looksLikeAmount } from '../money.ts';
import { balanceDocument, balanceLine, paidLine, transferDocument } from '../words.ts';
import type { Run } from './command.ts';
import { loggedIn } from './session.ts';

export const run: Run = async (context) => {
  const { words, values, out } = context;
  const to = readName(words[0] ?? '');
  const amount = words[1] ?? '';
  // Before anything is asked of a server; what is right for the currency is known only after login.
  if (!looksLikeAmount(amount)) readAmount(amount, 2);
  const memo = readMemo(values.memo ?? '');
  const id = values.id === undefined ? newOrderId() : readHex(values.id, '--id', ORDER_ID_BYTES);

  let asked = false;
  const onInterrupt = () => {
    if (asked) {
      out.problem('Interrupted: the payment may have been made, or not.');
      out.problem(`The same order may be sent again safely with the same --id: --id ${hex(id)}`);
    }
    process.exit(EXIT.interrupted);
  };
  return loggedIn(
    context,
    async ({ wallet, view: { currency } }) => {
      const minor = readAmount(amount, currency.scale);
      asked = true;
      const payment = await wallet.pay(to, minor, { memo, id });
      const delivered = await payment.delivery;
      const { transfer, balance } = payment;
      out.done(
        { ...transferDocument(transfer, currency), ...balanceDocument(balance, currency), delivered },
        () => [`${paidLine(transfer, currency, out.paint)} (${delivered})`, balanceLine(balance, currency)],
      );
      return EXIT.done;
    },
    { onInterrupt },
  );
};
