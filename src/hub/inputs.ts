/**
 * What the hub is told: plain data, which travels between threads. Many inputs go in one message, and a
 * message keeps their order. They are cloned on the way, a Uint8Array with the whole buffer under it, so each
 * must own its buffer.
 */
import type { Operation } from '../ledger/index.ts';
import type { Method, Methods } from '../protocol/index.ts';

/** A handshake is finished: the link exists from now on. */
export interface LinkOpened {
  readonly type: 'opened';
  readonly conn: number;
  /** The gateway that holds the link: where its outputs go. */
  readonly gateway: number;
  /** 32 bytes: the static key that the client has proved to hold. */
  readonly key: Uint8Array;
  readonly host: string;
  /** The network that `host` belongs to: whoever is there shares the quotas of strangers. */
  readonly network: string;
}

/** The link is over. Nothing more comes from it, and nothing can be sent to it. */
export interface LinkClosed {
  readonly type: 'closed';
  readonly conn: number;
  readonly reason: string;
}

/** A connection came to nothing; said only where events are wanted. */
export interface LinkUnopened {
  readonly type: 'unopened';
  readonly host: string;
  readonly reason: string;
}

/**
 * A gateway has begun anew: of the links that it had, numbered up to `lastConn`, none is left, and it knows
 * nobody online.
 */
export interface GatewayRenewed {
  readonly type: 'renewed';
  readonly gateway: number;
  readonly lastConn: number;
}

/** A request of one of the methods `M`. */
export type KnownRequest<M extends Method = Method> = {
  [K in M]: {
    readonly type: 'request';
    readonly conn: number;
    readonly id: number;
    readonly method: K;
    /** Null when they are malformed: which error answers that depends on the state of the link. */
    readonly params: Methods[K]['params'] | null;
  };
}[M];

/** A request for a method that does not exist. */
export interface UnknownRequest {
  readonly type: 'unknown';
  readonly conn: number;
  readonly id: number;
}

/** An operation of the operator's, executed among the requests of a batch and committed with them. */
export interface Operate {
  readonly type: 'operate';
  /** Comes back with what came of it. */
  readonly ticket: number;
  readonly operation: Operation;
}

export type HubInput =
  | LinkOpened
  | LinkClosed
  | LinkUnopened
  | GatewayRenewed
  | KnownRequest
  | UnknownRequest
  | Operate;
