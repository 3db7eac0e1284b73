import assert from 'node:assert/strict';
import type { AnswerEffect, Effect } from './effects.ts';
import type { HubOutput, Push } from './outputs.ts';

/** What each of so many gateways is to be told of a batch, in order. */
export function outputsOf(effects: readonly Effect[], gateways: number): HubOutput[][] {
  const outputs: HubOutput[][] = Array.from({ length: gateways }, () => []);
  const add = (gateway: number, output: HubOutput): void => {
    assert(outputs[gateway] !== undefined, 'there is a gateway of that number');
    outputs[gateway].push(output);
  };
  for (const effect of effects) {
    switch (effect.type) {
      case 'answer':
        add(effect.client.gateway, answerOf(effect));
        break;
      case 'notification': {
        const { client, method, params } = effect;
        add(client.gateway, { type: 'push', conn: client.conn, method, params } as Push);
        break;
      }
      case 'close':
        add(effect.client.gateway, { type: 'close', conn: effect.client.conn });
        break;
      case 'online':
        add(effect.gateway, { type: 'arrived', entry: effect.entry });
        break;
      case 'arrived':
      case 'departed':
        for (const list of outputs) {
          list.push(effect);
        }
    }
  }
  return outputs;
}

function answerOf({ client: { conn }, id, outcome }: AnswerEffect): HubOutput {
  if ('result' in outcome) {
    return { type: 'reply', conn, id, result: outcome.result };
  }
  if ('view' in outcome) {
    return { type: 'view', conn, id, view: outcome.view };
  }
  assert('refused' in outcome, 'what was to be read later has been read');
  const text = outcome.text === undefined ? {} : { text: outcome.text };
  return { type: 'refusal', conn, id, error: outcome.refused, ...text };
}
