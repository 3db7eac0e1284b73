import { onlineEntry } from '../views.ts';
import type { Command } from './command.ts';

/** Which key a person has, and where they can be reached when they are online. */
export const lookup: Command<'lookup'> = {
  run({ ledger, presence }, _client, { name }) {
    const account = ledger.account(name);
    if (account === undefined) {
      return { refused: 'PAYEE_UNKNOWN' };
    }
    const client = presence.find(name);
    if (client === undefined) {
      return { result: { name, key: account.key, online: false } };
    }
    return { result: { ...onlineEntry(name, client), online: true } };
  },
};
