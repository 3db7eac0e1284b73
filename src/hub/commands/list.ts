import { type AccountView, OK } from '../../protocol/index.ts';
import type { Turn } from '../turn.ts';
import type { Command } from './command.ts';

/** What the account has, and who is online. */
export const list: Command<'list'> = {
  needs: 'logged in',
  rated: true,
  run(turn, _session, _params, account) {
    return { view: accountView(turn, account) };
  },
};

/** The account view as of now, without the people online. */
export function accountView(turn: Turn, name: string): Omit<AccountView, 'online'> {
  return { ...OK, name, balance: turn.balance(name), currency: turn.currency };
}
