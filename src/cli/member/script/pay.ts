import { type Delivery, newOrderId } from '../../../client/index.ts';
import { ORDER_ID_BYTES } from '../../../protocol/index.ts';
import { readHex } from '../../shell/arguments.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { readAmount, readMemo, readName } from '../../shell/inputs.ts';
import { looksLikeAmount } from '../../text/money.ts';
import { balanceDocument, balanceLine, paidLine, transferDocument } from '../../text/words.ts';
import { InterruptedError } from '../failures/errors.ts';
import type { Run } from './command.ts';
import { loggedIn } from './connected.ts';

export const run: Run = async (context) => {
  const { words, values, out } = context;
  const to = readName(words[0] ?? '');
  const amount = words[1] ?? '';
  // A slip is found before a server is asked; how many decimals there may be is known only after the login.
  if (!looksLikeAmount(amount)) {
    readAmount(amount, 2);
  }
  const memo = readMemo(values.memo ?? '');
  const as = values.as === undefined ? undefined : readName(values.as);
  const id = values.id === undefined ? newOrderId() : readHex(values.id, '--id', ORDER_ID_BYTES);

  let stage: 'not asked' | 'asked' | 'paid' = 'not asked';
  const interrupted = Promise.withResolvers<never>();
  const cutShort = Promise.withResolvers<Delivery>();
  return loggedIn(
    context,
    async ({ wallet, view: { currency } }) => {
      const minor = readAmount(amount, currency.scale);
      stage = 'asked';
      const paying = wallet.pay(to, minor, { memo, id, again: values.id !== undefined });
      const { transfer, balance, delivery } = await Promise.race([paying, interrupted.promise]);
      stage = 'paid';
      out.doneSoFar(() => [paidLine(transfer, currency, out.paint), balanceLine(balance, currency)]);
      const delivered = await Promise.race([delivery, cutShort.promise]);
      out.done(
        { ...transferDocument(transfer, currency), ...balanceDocument(balance, currency), delivered },
        () => [`${to} was told ${delivered}`],
      );
      return EXIT.done;
    },
    {
      as,
      order: values.id === undefined ? undefined : id,
      onSignal: (status) => {
        if (stage === 'not asked') {
          process.exit(status);
        }
        if (stage === 'asked') {
          interrupted.reject(new InterruptedError(status, id));
        }
        // The server tells the payee in any case.
        else {
          cutShort.resolve('through the server');
        }
      },
    },
  );
};
