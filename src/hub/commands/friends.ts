import type { Command } from './command.ts';

/** The account's friends and open requests, sorted by name. Who is online is no secret: `list` says it too. */
export const friends: Command<'friends'> = {
  needs: 'logged in',
  rated: true,
  run(turn, _session, _params, account) {
    const list = turn.ledger.friends(account).map(({ name, state }) => ({
      name,
      online: turn.presence.find(name) !== undefined,
      state,
    }));
    return { result: { friends: list } };
  },
};
