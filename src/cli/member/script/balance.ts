import { EXIT } from '../../shell/exit-status.ts';
import { balanceText } from '../../text/money.ts';
import { balanceDocument } from '../../text/words.ts';
import type { Run } from './command.ts';
import { loggedIn } from './connected.ts';

export const run: Run = (context) =>
  loggedIn(context, async ({ view: { name, balance, currency } }) => {
    context.out.data({ name, ...balanceDocument(balance, currency) }, () => [balanceText(balance, currency)]);
    return EXIT.done;
  });
