/** What the hub has to say to the gateways: plain data, in order. */
import type { AccountView, ErrorName, Notifications, OnlineEntry } from '../protocol/index.ts';

/** The answer to a request that was carried out. */
export interface Reply {
  readonly type: 'reply';
  readonly conn: number;
  readonly id: number;
  readonly result: object;
}

/** The answer to a request that was refused. */
export interface Refusal {
  readonly type: 'refusal';
  readonly conn: number;
  readonly id: number;
  readonly error: ErrorName;
  /** Where it says more than the error's own text. */
  readonly text?: string | undefined;
}

/** The result of login and list without the people online, which the gateway adds from its own list. */
export interface ViewReply {
  readonly type: 'view';
  readonly conn: number;
  readonly id: number;
  readonly view: Omit<AccountView, 'online'>;
}

/** A notification to a client. */
export type Push = {
  [M in keyof Notifications]: {
    readonly type: 'push';
    readonly conn: number;
    readonly method: M;
    readonly params: Notifications[M];
  };
}[keyof Notifications];

/** The link ends as soon as what is open on it is answered. */
export interface Close {
  readonly type: 'close';
  readonly conn: number;
}

/** To every gateway: somebody is online, or is online from somewhere else. */
export interface Arrived {
  readonly type: 'arrived';
  readonly entry: OnlineEntry;
}

/** To every gateway: somebody is no longer online. */
export interface Departed {
  readonly type: 'departed';
  readonly name: string;
}

export type HubOutput = Reply | Refusal | ViewReply | Push | Close | Arrived | Departed;
