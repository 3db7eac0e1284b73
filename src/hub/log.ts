import {
  type AnswerEffect,
  codeOf,
  type Effect,
  type NotificationEffect,
  type RequestEffect,
} from './effects.ts';
import type { MessageEvent, UnnumberedEvent } from './events.ts';

type UnnumberedMessage = Omit<MessageEvent, 'n'>;

/** What the operator is to read of a batch, in order. `wanted`: all of it; otherwise nothing but warnings. */
export function eventsOf(effects: readonly Effect[], wanted: boolean): UnnumberedEvent[] {
  const events: UnnumberedEvent[] = [];
  for (const effect of effects) {
    if (effect.type === 'warning') {
      events.push({ event: 'warning', text: effect.text });
    } else if (wanted) {
      const event = eventOf(effect);
      if (event !== undefined) {
        events.push(event);
      }
    }
  }
  return events;
}

function eventOf(effect: Effect): UnnumberedEvent | undefined {
  switch (effect.type) {
    case 'event':
      return effect.event;
    case 'request':
      return received(effect);
    case 'answer':
      return sent(effect, 'response', { code: codeOf(effect.outcome) });
    case 'notification':
      return sent(effect, 'notification', 'name' in effect.params ? { name: effect.params.name } : {});
    default:
      return undefined;
  }
}

/** Of the parameters whom and how much they are about, never what was written or by which order. */
function received({ client, method, params, account }: RequestEffect): UnnumberedMessage {
  const { name, to, amount } = (params ?? {}) as Partial<Record<'name' | 'to', string>> & { amount?: number };
  return {
    event: 'message',
    conn: client.conn,
    direction: 'recv',
    kind: 'request',
    method,
    ...(name === undefined ? {} : { name }),
    ...(to === undefined ? {} : { to }),
    ...(amount === undefined ? {} : { amount }),
    ...(account === undefined ? {} : { account }),
  };
}

function sent(
  { client, method, account }: AnswerEffect | NotificationEffect,
  kind: 'response' | 'notification',
  about: Pick<MessageEvent, 'code' | 'name'>,
): UnnumberedMessage {
  return {
    event: 'message',
    conn: client.conn,
    direction: 'send',
    kind,
    method,
    ...about,
    ...(account === undefined ? {} : { account }),
  };
}
