import type { CommandOutcome } from '../effects.ts';
import type { Client } from '../presence/client.ts';
import { arrive, depart } from '../presence/presence.ts';
import { accountView } from '../views.ts';
import type { Command, CommandContext } from './command.ts';

/** Logs an account in on this link, if the link's key is the account's own. */
export const login: Command<'login'> = {
  run(context, client, { name, port }) {
    const { ledger } = context;
    const account = ledger.account(name);
    if (account === undefined || !isSame(client.key, account.key)) {
      return refuse(context, client);
    }
    arrive(context, client, name, port);
    return { view: accountView(ledger, name) };
  },
  logsIn: ({ name }) => name,
};

/** Whoever fails too often from one network has to make a new link for each try. */
function refuse(context: CommandContext, client: Client): CommandOutcome<'login'> {
  if (context.quotas.mayFailLogin(client.network, context.now)) {
    return { refused: 'AUTH_FAIL' };
  }
  depart(context, client);
  context.effects.push({ type: 'close', client });
  return { refused: 'TOO_MANY' };
}

/** Of public keys, which are no secret. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
