import { accountView } from '../views.ts';
import type { Command } from './command.ts';

/** What the account has, and who is online. */
export const list: Command<'list'> = {
  run({ ledger }, _client, _params, account) {
    return { view: accountView(ledger, account) };
  },
};
