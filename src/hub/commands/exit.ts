import { BYE } from '../../protocol/index.ts';
import { depart } from '../presence/presence.ts';
import type { Command } from './command.ts';

/** Logs out and ends the link. */
export const exit: Command<'exit'> = {
  run(context, client) {
    depart(context, client);
    context.effects.push({ type: 'close', client });
    return { result: { text: BYE } };
  },
};
