import type { HubInput } from '../inputs.ts';
import { operate } from './operations.ts';
import { answer } from './requests.ts';
import type { Turn } from './turn.ts';

/** Executes the inputs of a batch in order: what comes of them is added to the effects of the turn. */
export function takeInputs(batch: readonly HubInput[], turn: Turn): void {
  const { clients, effects } = turn;
  for (const input of batch) {
    switch (input.type) {
      case 'opened':
        clients.opened(turn, input);
        break;
      case 'closed':
        clients.closed(turn, input);
        break;
      case 'renewed':
        clients.renewed(turn, input);
        break;
      case 'unopened': {
        const { host, reason } = input;
        effects.push({ type: 'event', event: { event: 'unopened', host, reason } });
        break;
      }
      case 'operate':
        operate(turn, input);
        break;
      default:
        answer(turn, input);
    }
  }
}
