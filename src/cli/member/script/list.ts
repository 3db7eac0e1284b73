import { EXIT } from '../../shell/exit-status.ts';
import { hex } from '../../text/fingerprint.ts';
import { balanceDocument, viewLines } from '../../text/words.ts';
import type { Run } from './command.ts';
import { loggedIn } from './connected.ts';

export const run: Run = (context) =>
  loggedIn(context, async ({ view }) => {
    const { name, balance, currency } = view;
    const online = view.online.map(({ name, host, port, key }) => ({ name, host, port, key: hex(key) }));
    context.out.data({ name, ...balanceDocument(balance, currency), online }, () =>
      viewLines(view, context.out.paint),
    );
    return EXIT.done;
  });
