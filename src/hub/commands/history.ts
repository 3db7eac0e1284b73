import type { Transfer as LedgerTransfer } from '../../ledger/index.ts';
import { MAX_HISTORY, type Transfer } from '../../protocol/index.ts';
import type { Command } from './command.ts';

/** The account's transfers, newest first. Read after the commit of the turn: history is what is on disk. */
export const history: Command<'history'> = {
  needs: 'logged in',
  rated: true,
  run(turn, _session, { before, limit = MAX_HISTORY }, account) {
    return {
      later: async () => {
        const transfers = await turn.ledger.history(account, before, limit);
        return { transfers: transfers.map(wireTransfer) };
      },
    };
  },
};

/** A transfer as the wire has it: a memo that was not given is empty. */
export function wireTransfer(transfer: LedgerTransfer): Transfer {
  return { ...transfer, memo: transfer.memo ?? '' };
}
