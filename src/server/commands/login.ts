import { arrive } from '../presence.ts';
import type { Command } from './command.ts';
import { accountView } from './list.ts';

/** Logs an account in on this link, if the link's key is the account's own. */
export const login: Command<'login'> = {
  needs: 'logged out',
  rated: true,
  run(turn, session, { name, port }) {
    const account = turn.ledger.account(name);
    if (account === undefined || !Buffer.from(session.key).equals(account.key))
      return { refused: 'AUTH_FAIL' };
    arrive(turn, session, name, port);
    return { view: accountView(turn, name) };
  },
};
