import { MAX_HISTORY } from '../../protocol/index.ts';
import { transferView } from '../views.ts';
import type { Command } from './command.ts';

/** The account's transfers, newest first. Read after the commit of the batch: history is what is on disk. */
export const history: Command<'history'> = {
  run({ ledger }, _client, { before, limit = MAX_HISTORY }, account) {
    return {
      later: async () => {
        const transfers = await ledger.history(account, before, limit);
        return { transfers: transfers.map(transferView) };
      },
    };
  },
};
