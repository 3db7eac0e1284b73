import { type ErrorMap, type ErrorName, errorMap, ProtocolError } from './errors.ts';
import { isMap } from './fields.ts';
import { scan } from './gate.ts';
import { MAX_ID, MAX_MESSAGE_BYTES } from './limits.ts';
import type { Message, Response } from './messages.ts';
import { unpack } from './msgpack.ts';
import { pack } from './pack.ts';

/*
 *   request       [0, id, method, params]   id u32, method str, params map
 *   response      [1, id, error, result]    one of them nil, the other a map
 *   notification  [2, method, params]
 */
const REQUEST = 0;
const RESPONSE = 1;
const NOTIFICATION = 2;

/**
 * Reads the body of a record: one or more whole messages, back to back. The messages share no memory with
 * `body`.
 * @throws ProtocolError when any of it breaks the protocol; the link must then end, and none of its messages
 * counts
 */
export function decodeMessages(body: Uint8Array): Message[] {
  if (body.length === 0) {
    throw new ProtocolError('truncated');
  }
  if (body.length > MAX_MESSAGE_BYTES) {
    throw new ProtocolError('too_long');
  }
  const messages: Message[] = [];
  for (let at = 0; at < body.length; ) {
    const { message, end } = decodeMessage(body, at);
    messages.push(message);
    at = end;
  }
  return messages;
}

/**
 * Reads the one message that begins at `offset` of a record's body, for whoever cannot take them all at once;
 * `end` is the offset behind it. @throws ProtocolError; the link must then end
 */
export function decodeMessage(body: Uint8Array, offset: number): { message: Message; end: number } {
  const end = scan(body, offset);
  return { message: toMessage(unpack(body, offset, end)), end };
}

function toMessage(value: unknown): Message {
  if (!Array.isArray(value)) {
    throw new ProtocolError('bad_message');
  }
  const parts: readonly unknown[] = value;
  if (parts[0] === NOTIFICATION && parts.length === 3) {
    const [, method, params] = parts;
    if (typeof method === 'string' && isMap(params)) {
      return { type: 'notification', method, params };
    }
  } else if (parts.length === 4 && isId(parts[1])) {
    const [kind, id, third, fourth] = parts;
    if (kind === REQUEST && typeof third === 'string' && isMap(fourth)) {
      return { type: 'request', id, method: third, params: fourth };
    }
    if (kind === RESPONSE) {
      return toResponse(id, third, fourth);
    }
  }
  throw new ProtocolError('bad_message');
}

function toResponse(id: number, error: unknown, result: unknown): Response {
  if (error === null && isMap(result)) {
    return { type: 'response', id, error: null, result };
  }
  if (result === null && isMap(error)) {
    const { code, name, text } = error;
    if (typeof code === 'number' && typeof name === 'string' && typeof text === 'string') {
      return { type: 'response', id, error: { code, name, text }, result: null };
    }
  }
  throw new ProtocolError('bad_message');
}

/**
 * @throws TypeError for an id that is not a u32, or parameters outside the subset; RangeError for too long a
 * message
 */
export function encodeRequest(id: number, method: string, params: object): Uint8Array {
  return encode([REQUEST, checkedId(id), method, checkedMap(params)]);
}

/**
 * @throws TypeError for an id that is not a u32, or a result outside the subset; RangeError for too long a
 * message
 */
export function encodeResult(id: number, result: object): Uint8Array {
  return encode([RESPONSE, checkedId(id), null, checkedMap(result)]);
}

/** `error` is a row of the table, or a map of one's own. */
export function encodeError(id: number, error: ErrorName | ErrorMap): Uint8Array {
  const { code, name, text } = typeof error === 'string' ? errorMap(error) : error;
  return encode([RESPONSE, checkedId(id), { code, name, text }, null]);
}

/** @throws TypeError for parameters outside the subset; RangeError for too long a message */
export function encodeNotification(method: string, params: object): Uint8Array {
  return encode([NOTIFICATION, method, checkedMap(params)]);
}

function encode(message: readonly unknown[]): Uint8Array {
  const bytes = pack(message);
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new RangeError(`a message of ${bytes.length} bytes`);
  }
  return bytes;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_ID && Number.isInteger(value);
}

function checkedId(id: number): number {
  if (!isId(id)) {
    throw new TypeError('a message id is a u32');
  }
  return id;
}

function checkedMap(map: object): object {
  if (!isMap(map)) {
    throw new TypeError('parameters and results are maps');
  }
  return map;
}
