import type { Method } from '../../protocol/index.ts';
import type { RequestOf } from '../inputs.ts';
import type { Session } from '../presence.ts';
import type { Outcome, Turn } from '../turn.ts';
import { befriend } from './befriend.ts';
import type { Command } from './command.ts';
import { exit } from './exit.ts';
import { friends } from './friends.ts';
import { history } from './history.ts';
import { list } from './list.ts';
import { login } from './login.ts';
import { lookup } from './lookup.ts';
import { pay } from './pay.ts';
import { register } from './register.ts';
import { unfriend } from './unfriend.ts';

const COMMANDS: { readonly [M in Method]: Command<M> } = {
  register,
  login,
  list,
  pay,
  lookup,
  history,
  friends,
  befriend,
  unfriend,
  exit,
};

/**
 * Carries out a request. The checks, in this order: 429 (`mayRequest`), the state of the session (220 or 230), 400,
 * then those of the command. So none of the first three says what became of an order that is asked again.
 */
export function execute<M extends Method>(
  turn: Turn,
  session: Session,
  request: RequestOf<M>,
  mayRequest: () => boolean,
): Outcome<M> {
  const command: Command<M> = COMMANDS[request.method];
  const { account } = session;
  if (command.rated && !mayRequest()) return { refused: 'TOO_MANY' };
  if (session.over) return { refused: 'AUTH_FAIL' };
  if (command.needs === 'logged in' && account === undefined) return { refused: 'AUTH_FAIL' };
  if (command.needs === 'logged out' && account !== undefined) return { refused: 'WRONG_STATE' };
  if (request.params === null) return { refused: 'BAD_REQUEST' };
  return command.run(turn, session, request.params, account ?? '');
}
