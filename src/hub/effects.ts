/**
 * What comes of a batch: plain data, in order, added while its inputs are executed and given out once they
 * are on disk. If they never are, it is thrown away, and nobody has been told anything.
 */
import {
  type AccountView,
  ERRORS,
  type ErrorName,
  type Method,
  type Methods,
  type Notifications,
  OK,
  type OnlineEntry,
} from '../protocol/index.ts';
import type { UnnumberedEvent } from './events.ts';
import type { Arrived, Departed } from './outputs.ts';
import type { Client } from './presence/client.ts';
import type { Operated } from './reports.ts';

export type Effect =
  | RequestEffect
  | AnswerEffect
  | NotificationEffect
  /** The link ends as soon as what is open on it is answered. */
  | { readonly type: 'close'; readonly client: Client }
  | Arrived
  | Departed
  /** To one gateway alone, which has begun anew: somebody is online. */
  | { readonly type: 'online'; readonly gateway: number; readonly entry: OnlineEntry }
  /** An order was carried out. */
  | { readonly type: 'payment' }
  | { readonly type: 'operated'; readonly operated: Operated }
  /** Something for the operator to read, where events are wanted. */
  | { readonly type: 'event'; readonly event: UnnumberedEvent }
  /** The operator is warned, whether events are wanted or not. */
  | { readonly type: 'warning'; readonly text: string };

/** A request has come: added only where events are wanted. */
export interface RequestEffect {
  readonly type: 'request';
  readonly client: Client;
  /** Who was logged in at that moment, as below: when the effect is given out, that may be somebody else. */
  readonly account: string | undefined;
  readonly method: Method | 'unknown';
  /** Null when they are malformed, or of no interest. */
  readonly params: object | null;
}

/** The answer to a request. */
export interface AnswerEffect {
  readonly type: 'answer';
  readonly client: Client;
  readonly account: string | undefined;
  readonly id: number;
  readonly method: Method | 'unknown';
  outcome: CommandOutcome;
}

/** A notification to a client. */
export type NotificationEffect = {
  [M in keyof Notifications]: {
    readonly type: 'notification';
    readonly client: Client;
    readonly account: string;
    readonly method: M;
    readonly params: Notifications[M];
  };
}[keyof Notifications];

/** Why nothing was done. */
export interface Refused {
  readonly refused: ErrorName;
  /** Where it says more than the error's own text. */
  readonly text?: string | undefined;
}

/** How a request of method `M` came out. */
export type CommandOutcome<M extends Method = Method> =
  | { readonly result: Methods[M]['result'] }
  /** The gateway adds who is online. */
  | { readonly view: Omit<AccountView, 'online'> }
  | Refused
  /** Read from the disk once the batch is committed; the answer keeps its place in the order of answers. */
  | { readonly later: () => Promise<Methods[M]['result']> };

/**
 * The code by which an outcome is counted and logged: 100, or that of the error. What is read later has none
 * until it has been read.
 */
export function codeOf(outcome: CommandOutcome): number {
  return 'refused' in outcome ? ERRORS[outcome.refused].code : OK.code;
}
