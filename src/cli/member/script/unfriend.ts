import { EXIT } from '../../shell/exit-status.ts';
import { readName } from '../../shell/inputs.ts';
import { unfriendLine } from '../../text/words.ts';
import type { Run } from './command.ts';
import { loggedIn } from './connected.ts';

export const run: Run = async (context) => {
  const name = readName(context.words[0] ?? '');
  return loggedIn(context, async ({ wallet }) => {
    await wallet.unfriend(name);
    context.out.done({ name }, () => [unfriendLine(name, context.out.paint)]);
    return EXIT.done;
  });
};
