/**
 * What a gateway and the hub say to each other: plain data. Many travel in one message, and one message keeps its order:
 * see `parcel.ts`. What that does not pack is cloned on its way between the threads, a Uint8Array with the whole buffer under
 * it, so each must own its buffer.
 */
import type {
  AccountView,
  ErrorName,
  Method,
  Methods,
  Notifications,
  OnlineEntry,
} from '../protocol/index.ts';
import type { Operate } from './operations.ts';

/** A handshake is finished: the link exists from now on. */
export interface Opened {
  readonly type: 'opened';
  readonly conn: number;
  /** The gateway that holds the link: where its outputs go. */
  readonly gateway: number;
  /** 32 bytes: the static key that the client has proved to hold. */
  readonly key: Uint8Array;
  readonly host: string;
}

/** The link is over. Nothing more comes from it, and nothing can be sent to it. */
export interface Closed {
  readonly type: 'closed';
  readonly conn: number;
  readonly reason: string;
}

/** A connection came to nothing; said only where events are wanted. */
export interface Unopened {
  readonly type: 'unopened';
  readonly host: string;
  readonly reason: string;
}

/** A request of one of the methods `M`. */
export type RequestOf<M extends Method> = {
  [K in M]: {
    readonly type: 'request';
    readonly conn: number;
    readonly id: number;
    readonly method: K;
    /** Null when they are malformed: which error answers that depends on the state of the session. */
    readonly params: Methods[K]['params'] | null;
  };
}[M];

/** A request for a method that does not exist. */
export interface UnknownRequest {
  readonly type: 'unknown';
  readonly conn: number;
  readonly id: number;
}

export type Request = RequestOf<Method>;
export type HubInput = Opened | Closed | Unopened | Renewed | Request | UnknownRequest | Operate;

/** A gateway has begun anew: of the links that it had, numbered up to `lastConn`, none is left, and it knows nobody online. */
export interface Renewed {
  readonly type: 'renewed';
  readonly gateway: number;
  readonly lastConn: number;
}

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

export type Answer = Reply | Refusal | ViewReply;
export type HubOutput = Answer | Push | Close | Arrived | Departed;
