import { onlineEntry } from '../presence.ts';
import type { Command } from './command.ts';

/** Which key a person has, and where they can be reached when they are online. */
export const lookup: Command<'lookup'> = {
  needs: 'logged in',
  rated: true,
  run(turn, _session, { name }) {
    const account = turn.ledger.account(name);
    if (account === undefined) return { refused: 'PAYEE_UNKNOWN' };
    const session = turn.presence.find(name);
    if (session === undefined) return { result: { name, key: account.key, online: false } };
    return { result: { ...onlineEntry(name, session), online: true } };
  },
};
