import { METHODS, type Method } from '../../protocol/index.ts';
import type { CommandOutcome } from '../effects.ts';
import type { KnownRequest } from '../inputs.ts';
import type { Client } from '../presence/client.ts';
import type { Command, CommandContext } from './command.ts';
import * as commands from './index.ts';

/** The command of each method. */
export const COMMANDS: { readonly [M in Method]: Command<M> } = { ...commands };

/**
 * Carries out a request. The checks, in this order: 429, the state of the link (220 or 230), 400, then those
 * of the command. So none of the first three says what became of an order that is asked again.
 */
export function execute<M extends Method>(
  context: CommandContext,
  client: Client,
  { method, params }: KnownRequest<M>,
): CommandOutcome<M> {
  const { needs, rated } = METHODS[method];
  const { account, over } = client;
  if (rated && !context.quotas.mayRequest(client, context.now)) {
    return { refused: 'TOO_MANY' };
  }
  if (over || (needs === 'logged in' && account === undefined)) {
    return { refused: 'AUTH_FAIL' };
  }
  if (needs === 'logged out' && account !== undefined) {
    return { refused: 'WRONG_STATE' };
  }
  if (params === null) {
    return { refused: 'BAD_REQUEST' };
  }
  const command: Command<M> = COMMANDS[method];
  return command.run(context, client, params, account ?? '');
}
