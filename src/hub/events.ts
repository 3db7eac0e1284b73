import type { OperationKind, OperationStatus } from '../ledger/index.ts';

/**
 * What a server tells its operator. Nothing here ever holds a key, a memo or chat; names and reasons are of
 * the server's own making (folded names, fixed codes), so they are safe to print.
 */
export type ServerEvent =
  | ConnectEvent
  | DisconnectEvent
  | UnopenedEvent
  | LoginEvent
  | LogoutEvent
  | MessageEvent
  | OperationEvent
  | WarningEvent;

/** A link was made: its handshake is finished. */
export interface ConnectEvent {
  readonly event: 'connect';
  /** Unique among all links since the server started, from 1. */
  readonly conn: number;
  /** The address that it comes from. */
  readonly host: string;
}

/** A link is over. */
export interface DisconnectEvent {
  readonly event: 'disconnect';
  readonly conn: number;
  readonly host: string;
  /** `closed` when both sides had said CLOSE, otherwise the code of a LinkError. */
  readonly reason: string;
}

/** A connection never became a link. */
export interface UnopenedEvent {
  readonly event: 'unopened';
  readonly host: string;
  /** The code of a LinkError. */
  readonly reason: string;
}

/** An account came online. */
export interface LoginEvent {
  readonly event: 'login';
  readonly conn: number;
  readonly name: string;
}

/** An account went offline, or goes on on another link. */
export interface LogoutEvent {
  readonly event: 'logout';
  readonly conn: number;
  readonly name: string;
}

/** A message was received or sent. */
export interface MessageEvent {
  readonly event: 'message';
  /** Numbered over the whole server in the order of execution, from 1. */
  readonly n: number;
  readonly conn: number;
  readonly direction: 'recv' | 'send';
  readonly kind: 'request' | 'response' | 'notification';
  /** `unknown` for a method that the protocol does not have: what a client wrote there is not repeated. */
  readonly method: string;
  /** Whose link it is, once somebody has logged in on it. */
  readonly account?: string;
  /** Whom a request or a notification is about. */
  readonly name?: string;
  /** The payee of a pay request. */
  readonly to?: string;
  /** Minor units. */
  readonly amount?: number;
  /** Of a response: 100, or the code of an error. */
  readonly code?: number;
}

/** The operator has done something to an account, or has tried to. */
export interface OperationEvent {
  readonly event: 'operation';
  readonly kind: OperationKind;
  readonly name: string;
  /** `ok`, or why nothing was done. */
  readonly status: OperationStatus | 'failed';
}

/** Something that the operator should look at. The server goes on. */
export interface WarningEvent {
  readonly event: 'warning';
  readonly text: string;
}

/** An event as the hub makes it: the main thread numbers the messages. */
export type UnnumberedEvent = Exclude<ServerEvent, MessageEvent> | Omit<MessageEvent, 'n'>;
