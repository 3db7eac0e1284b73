import { formatAddress } from '../../client/index.ts';
import { OK } from '../../protocol/index.ts';
import { rememberAccount } from '../account.ts';
import { EXIT } from '../exit-status.ts';
import { readName } from '../inputs.ts';
import type { Run } from './command.ts';
import { connected } from './session.ts';

export const run: Run = async (context) => {
  const name = readName(context.words[0] ?? '');
  return connected(context, async ({ account, wallet }) => {
    await wallet.register(name);
    await rememberAccount(account, name, (line) => context.out.note(line));
    const server = formatAddress({ ...account.address, key: wallet.serverKey });
    context.out.done({ ...OK, name, server }, () => [OK.text]);
    return EXIT.done;
  });
};
