import { BYE } from '../../protocol/index.ts';
import { depart } from '../presence.ts';
import type { Command } from './command.ts';

/** Logs out and ends the link. Costs nothing of the rate: leaving is always allowed. */
export const exit: Command<'exit'> = {
  needs: 'logged in',
  rated: false,
  run(turn, session) {
    depart(turn, session);
    turn.close(session);
    return { result: { text: BYE } };
  },
};
