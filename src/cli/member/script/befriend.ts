import { EXIT } from '../../shell/exit-status.ts';
import { readName } from '../../shell/inputs.ts';
import { befriendLine } from '../../text/words.ts';
import type { Run } from './command.ts';
import { loggedIn } from './connected.ts';

export const run: Run = async (context) => {
  const name = readName(context.words[0] ?? '');
  return loggedIn(context, async ({ wallet }) => {
    const state = await wallet.befriend(name);
    context.out.done({ name, state }, () => [befriendLine(name, state, context.out.paint)]);
    return EXIT.done;
  });
};
