import type { Command } from './command.ts';

/**
 * Ends a friendship, withdraws a request, or declines one. The other is not told: there is no state to tell,
 * and a friendship that has ended simply is no longer in the list.
 */
export const unfriend: Command<'unfriend'> = {
  run({ ledger }, _client, { name }, account) {
    const { status } = ledger.unfriend(account, name);
    if (status === 'unknown') {
      return { refused: 'PAYEE_UNKNOWN' };
    }
    return status === 'self' ? { refused: 'BAD_REQUEST' } : { result: {} };
  },
};
