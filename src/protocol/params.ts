import { bin, integer, optional, type Parsed, readFields, type Shape, text, textAs } from './fields.ts';
import { MAX_HISTORY, MAX_MEMO_BYTES, MAX_PORT, MAX_TEXT_BYTES, ORDER_ID_BYTES } from './limits.ts';
import type { Fields, Method, Methods, PeerMethod, PeerMethods } from './messages.ts';
import { foldName } from './names.ts';

type Shapes<M extends Record<keyof M, { params: object }>> = {
  readonly [K in keyof M]: Shape<M[K]['params']>;
};

const name = textAs(foldName);

const METHODS: Shapes<Methods> = {
  register: { name },
  login: { name, port: integer(0, MAX_PORT) },
  list: {},
  pay: { to: name, amount: integer(), id: bin(ORDER_ID_BYTES), memo: optional(text(0, MAX_MEMO_BYTES), '') },
  lookup: { name },
  history: { before: optional(integer(1), undefined), limit: optional(integer(1, MAX_HISTORY), undefined) },
  friends: {},
  befriend: { name },
  unfriend: { name },
  exit: {},
};

const PEER_METHODS: Shapes<PeerMethods> = {
  hello: { name },
  say: { text: text(1, MAX_TEXT_BYTES) },
};

/** Is this a method of the server's? Any other gets 400. */
export function isMethod(method: string): method is Method {
  return Object.hasOwn(METHODS, method);
}

/** Is this a method between clients? Any other gets 400. */
export function isPeerMethod(method: string): method is PeerMethod {
  return Object.hasOwn(PEER_METHODS, method);
}

/**
 * Reads what a client sent to the server. Names come out in lower case, and reserved ones are refused like any that
 * is not a name. An optional key may be absent or nil. Where it is not ok, the answer is 400.
 */
export function parseParams<M extends Method>(method: M, params: Fields): Parsed<Methods[M]['params']> {
  return readFields<Methods[M]['params']>(METHODS[method], params);
}

/** Reads what one client sent to another, under the same rules. */
export function parsePeerParams<M extends PeerMethod>(
  method: M,
  params: Fields,
): Parsed<PeerMethods[M]['params']> {
  return readFields<PeerMethods[M]['params']>(PEER_METHODS[method], params);
}
