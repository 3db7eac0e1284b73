import { OK } from '../../protocol/index.ts';
import { NO_SPACE } from '../space.ts';
import type { Command } from './command.ts';

/** Opens an account under a free name for the key of the link. Does not log in. */
export const register: Command<'register'> = {
  run({ ledger, quotas, space, effects, now }, { key, network }, { name }) {
    if (!space.mayGrow) {
      return NO_SPACE;
    }
    if (!quotas.mayRegister(network, now)) {
      return { refused: 'TOO_MANY' };
    }
    const { status } = ledger.register(name, key, now);
    if (status === 'ok') {
      return { result: OK };
    }
    if (status === 'name_taken') {
      return { refused: 'NAME_TAKEN' };
    }
    effects.push({ type: 'warning', text: REASONS[status] });
    return { refused: 'INTERNAL' };
  },
};

const REASONS = {
  too_many_accounts: 'nobody can register: the ledger has as many accounts as it takes',
  issue_exhausted: 'nobody can register: the welcome grant would issue more money than can be counted',
} as const;
