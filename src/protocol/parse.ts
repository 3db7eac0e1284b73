/**
 * Whatever a remote sends, read by the tables: as little is believed as the types say.
 */
import type { Asker } from './answers.ts';
import { ProtocolError } from './errors.ts';
import { type Field, type Parsed, readFields, WRONG } from './fields.ts';
import type { Fields } from './messages.ts';
import { METHODS, type Method, type Methods } from './methods.ts';
import { NOTIFICATIONS, type Notifications, type Told } from './notifications.ts';
import {
  PEER_METHODS,
  PEER_NOTIFICATIONS,
  type PeerMethod,
  type PeerMethods,
  type PeerNotifications,
} from './peers.ts';

/** Is this a method of the server's? Any other gets 400. */
export function isMethod(method: string): method is Method {
  return Object.hasOwn(METHODS, method);
}

/** Is this a method between clients? Any other gets 400. */
export function isPeerMethod(method: string): method is PeerMethod {
  return Object.hasOwn(PEER_METHODS, method);
}

/**
 * Reads what a client sent to the server. Names come out in lower case, and reserved ones are refused like
 * any that is not a name. An optional key may be absent or nil. Where it is not ok, the answer is 400.
 */
export function parseParams<M extends Method>(method: M, params: Fields): Parsed<Methods[M]['params']> {
  return readFields<Methods[M]['params']>(METHODS[method].params, params);
}

/** Reads what one client sent to another, under the same rules. */
export function parsePeerParams<M extends PeerMethod>(
  method: M,
  params: Fields,
): Parsed<PeerMethods[M]['params']> {
  return readFields<PeerMethods[M]['params']>(PEER_METHODS[method].params, params);
}

/**
 * Reads what the server answered. A server that sends anything else is broken or hostile. @throws
 * ProtocolError 'bad_result'
 */
export function parseResult<M extends Method>(method: M, result: Fields): Methods[M]['result'] {
  return readResult<Methods[M]['result']>(method, METHODS[method].result, result);
}

/** Reads what another client answered. @throws ProtocolError 'bad_result' */
export function parsePeerResult<M extends PeerMethod>(method: M, result: Fields): PeerMethods[M]['result'] {
  return readResult<PeerMethods[M]['result']>(method, PEER_METHODS[method].result, result);
}

function readResult<T>(method: string, field: Field<T>, result: Fields): T {
  const read = field(result);
  if (read === WRONG) {
    throw new ProtocolError('bad_result', method);
  }
  return read;
}

/** Does what the server answered answer what was asked? */
export function isAnswer<M extends Method>(
  method: M,
  params: Methods[M]['params'],
  result: Methods[M]['result'],
  asker: Asker,
): boolean {
  return METHODS[method].answers(params, result, asker);
}

/**
 * Reads what the server told. undefined: a notification that is not known here, to be ignored.
 * @throws ProtocolError 'bad_params'
 */
export function parseNotification(method: string, params: Fields): Told<Notifications> | undefined {
  return readNotification<Notifications>(NOTIFICATIONS, method, params);
}

/** Reads what another client told, under the same rules. @throws ProtocolError 'bad_params' */
export function parsePeerNotification(method: string, params: Fields): Told<PeerNotifications> | undefined {
  return readNotification<PeerNotifications>(PEER_NOTIFICATIONS, method, params);
}

function readNotification<N>(
  rows: { readonly [K in keyof N]: Field<N[K]> },
  method: string,
  params: Fields,
): Told<N> | undefined {
  if (!Object.hasOwn(rows, method)) {
    return undefined;
  }
  const known = method as keyof N & string;
  const read = rows[known](params);
  if (read === WRONG) {
    throw new ProtocolError('bad_params', known);
  }
  return { method: known, params: read };
}
