import { EXIT } from '../../shell/exit-status.ts';
import { readName, readText } from '../../shell/inputs.ts';
import type { Run } from './command.ts';
import { loggedIn } from './connected.ts';

export const run: Run = async (context) => {
  const to = readName(context.words[0] ?? '');
  const text = readText(context.words[1] ?? '');
  return loggedIn(context, async ({ wallet }) => {
    await wallet.say(to, text);
    context.out.done({ to, text }, () => [`Said to ${context.out.paint.name(to)}`]);
    return EXIT.done;
  });
};
