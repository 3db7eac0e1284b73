import { MAX_HISTORY } from '../../../protocol/index.ts';
import { DEFAULT_HISTORY } from '../../limits.ts';
import { readInteger } from '../../shell/arguments.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { historyLines, transferDocument } from '../../text/words.ts';
import type { Run } from './command.ts';
import { idempotent, loggedIn } from './connected.ts';

export const run: Run = async (context) => {
  const { values, out } = context;
  const limit =
    values.limit === undefined ? DEFAULT_HISTORY : readInteger(values.limit, '--limit', 1, MAX_HISTORY);
  const before =
    values.before === undefined
      ? undefined
      : readInteger(values.before, '--before', 1, Number.MAX_SAFE_INTEGER);
  return loggedIn(context, async ({ wallet, view: { name, currency } }) => {
    const transfers = await idempotent(wallet.history({ limit, before }));
    out.data({ name, transfers: transfers.map((transfer) => transferDocument(transfer, currency)) }, () =>
      historyLines(transfers, name, currency, out.width, out.paint),
    );
    return EXIT.done;
  });
};
