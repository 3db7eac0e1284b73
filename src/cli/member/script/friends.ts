import { EXIT } from '../../shell/exit-status.ts';
import { friendLines } from '../../text/words.ts';
import type { Run } from './command.ts';
import { idempotent, loggedIn } from './connected.ts';

export const run: Run = (context) =>
  loggedIn(context, async ({ wallet }) => {
    const friends = await idempotent(wallet.friends());
    const document = { friends: friends.map(({ name, online, state }) => ({ name, online, state })) };
    context.out.data(document, () => friendLines(friends, context.out.paint));
    return EXIT.done;
  });
