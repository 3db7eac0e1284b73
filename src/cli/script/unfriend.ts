import { EXIT } from '../exit-status.ts';
import { readName } from '../inputs.ts';
import { unfriendLine } from '../words.ts';
import type { Run } from './command.ts';
import { loggedIn } from './session.ts';

export const run: Run = async (context) => {
  const name = readName(context.words[0] ?? '');
  return loggedIn(context, async ({ wallet }) => {
    await wallet.unfriend(name);
    context.out.done({ name }, () => [unfriendLine(name, context.out.paint)]);
    return EXIT.done;
  });
};
