import { ProtocolError } from './errors.ts';
import {
  array,
  bin,
  bool,
  type Field,
  integer,
  map,
  oneOf,
  optional,
  text,
  textAs,
  WRONG,
} from './fields.ts';
import {
  KEY_BYTES,
  MAX_CURRENCY_BYTES,
  MAX_HOST_LENGTH,
  MAX_MEMO_BYTES,
  MAX_PORT,
  MAX_SCALE,
  MAX_TEXT_BYTES,
  ORDER_ID_BYTES,
} from './limits.ts';
import type {
  Currency,
  Fields,
  Friend,
  FriendState,
  LookupResult,
  Method,
  Methods,
  Notifications,
  OnlineEntry,
  PeerMethod,
  PeerMethods,
  PeerNotifications,
  Told,
  Transfer,
} from './messages.ts';
import { isAccountName } from './names.ts';

/*
 * What a client believes of a server and of another client: as little as the types say. A server that sends
 * anything else is broken or hostile, and the link ends.
 */

type Results<M extends Record<keyof M, { result: unknown }>> = {
  readonly [K in keyof M]: Field<M[K]['result']>;
};
type Readers<N> = { readonly [K in keyof N]: Field<N[K]> };

/** An account's name in its one form; the issuer's is one, since transfers come from it. */
const name = textAs((value) => (isAccountName(value) ? value : undefined));
const host = textAs((value) => (isHost(value) ? value : undefined));
const state = oneOf<FriendState>('friend', 'asked', 'asking');
const balance = integer(0);
const ok = { code: oneOf(100), text: text(0, MAX_TEXT_BYTES) };

const transfer = map<Transfer>({
  seq: integer(1),
  id: bin(ORDER_ID_BYTES),
  from: name,
  to: name,
  amount: integer(1),
  memo: optional(text(0, MAX_MEMO_BYTES), ''),
  at: integer(0),
});

const reachable = map<OnlineEntry>({
  name,
  host: optional(host, null),
  port: optional(integer(1, MAX_PORT), null),
  key: bin(KEY_BYTES),
});

/** There is a host exactly where there is a port. */
const onlineEntry: Field<OnlineEntry> = (value) => {
  const entry = reachable(value);
  return entry !== WRONG && (entry.host === null) === (entry.port === null) ? entry : WRONG;
};

const presence = map<{ name: string; key: Uint8Array; online: boolean }>({
  name,
  key: bin(KEY_BYTES),
  online: bool,
});

const lookup: Field<LookupResult> = (value) => {
  const person = presence(value);
  if (person === WRONG) return WRONG;
  if (!person.online) return { name: person.name, key: person.key, online: false };
  const entry = onlineEntry(value);
  return entry === WRONG ? WRONG : { ...entry, online: true };
};

const accountView = map<Methods['login']['result']>({
  ...ok,
  name,
  balance,
  currency: map<Currency>({ name: text(1, MAX_CURRENCY_BYTES), scale: integer(0, MAX_SCALE) }),
  online: array(onlineEntry),
});

const METHODS: Results<Methods> = {
  register: map(ok),
  login: accountView,
  list: accountView,
  pay: map<Methods['pay']['result']>({ ...ok, transfer, balance, payee: optional(onlineEntry, null) }),
  lookup,
  history: map({ transfers: array(transfer) }),
  friends: map({ friends: array(map<Friend>({ name, online: bool, state })) }),
  befriend: map({ state }),
  unfriend: map({}),
  exit: map({ text: text(0, MAX_TEXT_BYTES) }),
};

const PEER_METHODS: Results<PeerMethods> = { hello: map({ name }), say: map({}) };

const NOTIFICATIONS: Readers<Notifications> = {
  paid: map({ transfer }),
  friend: map({ name, state }),
  presence: map({ name, online: bool }),
  kicked: map({ text: text(0, MAX_TEXT_BYTES) }),
  notice: map({ text: text(0, MAX_TEXT_BYTES) }),
};

const PEER_NOTIFICATIONS: Readers<PeerNotifications> = { paid: map({ transfer }) };

/** Reads what the server answered. @throws ProtocolError 'bad_result' */
export function parseResult<M extends Method>(method: M, result: Fields): Methods[M]['result'] {
  return readResult<Methods[M]['result']>(method, METHODS[method], result);
}

/** Reads what another client answered. @throws ProtocolError 'bad_result' */
export function parsePeerResult<M extends PeerMethod>(method: M, result: Fields): PeerMethods[M]['result'] {
  return readResult<PeerMethods[M]['result']>(method, PEER_METHODS[method], result);
}

function readResult<T>(method: string, field: Field<T>, result: Fields): T {
  const read = field(result);
  if (read === WRONG) throw new ProtocolError('bad_result', method);
  return read;
}

/**
 * Reads what the server told. undefined: a notification that is not known here, to be ignored.
 * @throws ProtocolError 'bad_params'
 */
export function parseNotification(method: string, params: Fields): Told<Notifications> | undefined {
  return readNotification(NOTIFICATIONS, method, params);
}

/** Reads what another client told, under the same rules. @throws ProtocolError 'bad_params' */
export function parsePeerNotification(method: string, params: Fields): Told<PeerNotifications> | undefined {
  return readNotification(PEER_NOTIFICATIONS, method, params);
}

function readNotification<N>(readers: Readers<N>, method: string, params: Fields): Told<N> | undefined {
  if (!Object.hasOwn(readers, method)) return undefined;
  const known = method as keyof N & string;
  const read = readers[known](params);
  if (read === WRONG) throw new ProtocolError('bad_params', known);
  return { method: known, params: read };
}

/** An address or a domain name, by its letters: nothing that could be more than a host where it is dialled or shown. */
function isHost(value: string): boolean {
  return value.length <= MAX_HOST_LENGTH && /^[A-Za-z0-9:._%-]+$/.test(value);
}
