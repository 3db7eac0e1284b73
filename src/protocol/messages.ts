/** The three forms of a message. What is said with them is in the tables of methods and notifications. */
import type { ErrorMap } from './errors.ts';

/**
 * A map as it comes from the wire, nothing known of its values but that they are of the MessagePack subset.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** `[0, id, method, params]` */
export interface Request {
  readonly type: 'request';
  /** u32, chosen by the sender; the response carries it back. */
  readonly id: number;
  readonly method: string;
  readonly params: Fields;
}

/** `[1, id, error, result]`: exactly one of the two is null. */
export type Response =
  | { readonly type: 'response'; readonly id: number; readonly error: ErrorMap; readonly result: null }
  | { readonly type: 'response'; readonly id: number; readonly error: null; readonly result: Fields };

/** `[2, method, params]` */
export interface Notification {
  readonly type: 'notification';
  readonly method: string;
  readonly params: Fields;
}

export type Message = Request | Response | Notification;
