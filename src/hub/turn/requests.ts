import { execute } from '../commands/execute.ts';
import type { CommandOutcome } from '../effects.ts';
import type { KnownRequest, UnknownRequest } from '../inputs.ts';
import type { Client } from '../presence/client.ts';
import type { Turn } from './turn.ts';

/** Executes a request, and adds its answer behind what else comes of it. */
export function answer(turn: Turn, request: KnownRequest | UnknownRequest): void {
  const { clients, effects, events, failure } = turn;
  const client = clients.find(request.conn);
  // Of a link that is gone: nobody would hear the answer.
  if (client === undefined) {
    return;
  }
  const method = request.type === 'request' ? request.method : 'unknown';
  if (events) {
    const params = request.type === 'request' && failure === undefined ? request.params : null;
    effects.push({ type: 'request', client, account: client.account, method, params });
  }
  const outcome = failure?.refusal ?? outcomeOf(turn, client, request);
  effects.push({ type: 'answer', client, account: client.account, id: request.id, method, outcome });
}

function outcomeOf(turn: Turn, client: Client, request: KnownRequest | UnknownRequest): CommandOutcome {
  if (request.type === 'request') {
    return execute(turn, client, request);
  }
  // In every state of the link, and under the same rate as what is known.
  return { refused: turn.quotas.mayRequest(client, turn.now) ? 'BAD_REQUEST' : 'TOO_MANY' };
}
