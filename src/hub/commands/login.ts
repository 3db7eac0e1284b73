import { arrive, depart, type Session } from '../presence.ts';
import type { Outcome, Turn } from '../turn.ts';
import type { Command } from './command.ts';
import { accountView } from './list.ts';

/** Logs an account in on this link, if the link's key is the account's own. */
export const login: Command<'login'> = {
  needs: 'logged out',
  rated: true,
  run(turn, session, { name, port }) {
    const account = turn.ledger.account(name);
    if (account === undefined || !Buffer.from(session.key).equals(account.key)) return refuse(turn, session);
    arrive(turn, session, name, port);
    return { view: accountView(turn, name) };
  },
};

/** Whoever fails too often from one network has to make a new link for each try. */
function refuse(turn: Turn, session: Session): Outcome<'login'> {
  if (turn.mayFailLogin(session.network)) return { refused: 'AUTH_FAIL' };
  depart(turn, session);
  turn.close(session);
  return { refused: 'TOO_MANY' };
}
