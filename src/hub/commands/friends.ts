import type { Command } from './command.ts';

/**
 * The account's friends and open requests, sorted by name. Who is online is no secret: `list` says it too.
 */
export const friends: Command<'friends'> = {
  run({ ledger, presence }, _client, _params, account) {
    const list = ledger.friends(account).map(({ name, state }) => ({
      name,
      online: presence.find(name) !== undefined,
      state,
    }));
    return { result: { friends: list } };
  },
};
