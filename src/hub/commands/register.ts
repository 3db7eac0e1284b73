import { OK } from '../../protocol/index.ts';
import { NO_ROOM } from '../turn.ts';
import type { Command } from './command.ts';

/** Opens an account under a free name for the key of the link. Does not log in. */
export const register: Command<'register'> = {
  needs: 'logged out',
  rated: true,
  run(turn, session, { name }) {
    if (!turn.mayGrow) return NO_ROOM;
    if (!turn.mayRegister(session.network)) return { refused: 'TOO_MANY' };
    const { status } = turn.ledger.register(name, session.key, turn.now);
    if (status === 'ok') return { result: OK };
    if (status === 'name_taken') return { refused: 'NAME_TAKEN' };
    turn.warn(REASONS[status]);
    return { refused: 'INTERNAL' };
  },
};

const REASONS = {
  too_many_accounts: 'nobody can register: the ledger has as many accounts as it takes',
  issue_exhausted: 'nobody can register: the welcome grant would issue more money than can be counted',
} as const;
