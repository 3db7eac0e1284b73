/**
 * Who somebody is, where they are, and how two people stand to each other: as types, and as readers of what a
 * remote says.
 */
import { bin, bool, type Field, integer, map, oneOf, optional, textAs, WRONG } from './fields.ts';
import { KEY_BYTES, MAX_HOST_LENGTH, MAX_PORT } from './limits.ts';
import { foldName, isAccountName } from './names.ts';

export interface NameParams {
  /** Lower case once parsed. */
  readonly name: string;
}

/** One person online. `host` and `port` are both null where they take no peer links. */
export interface OnlineEntry {
  /** Lower case. */
  readonly name: string;
  /** The address that the server sees them come from. */
  readonly host: string | null;
  /** Where they take peer links. */
  readonly port: number | null;
  /** 32 bytes: the static key that a peer link to them must show. */
  readonly key: Uint8Array;
}

/** The result of lookup: where to reach a person and which key to demand there. */
export type LookupResult =
  | { readonly name: string; readonly key: Uint8Array; readonly online: false }
  | (OnlineEntry & { readonly online: true });

/**
 * How one account stands to another, from where the account sees it.
 * `asked`: it has asked the other. `asking`: the other asks it. `friend`: both agreed.
 */
export type FriendState = 'friend' | 'asked' | 'asking';

/** A friend, or somebody who asks or is asked to be one. */
export interface Friend {
  /** Lower case. */
  readonly name: string;
  readonly online: boolean;
  readonly state: FriendState;
}

/** A name as a person may write it, in any case; those that are reserved are none. */
export const typedName = textAs(foldName);

/** An account's name in its one form; the issuer's is one, since transfers come from it. */
export const accountName = textAs((value) => (isAccountName(value) ? value : undefined));

export const friendState = oneOf<FriendState>('friend', 'asked', 'asking');

export const friend = map<Friend>({ name: accountName, online: bool, state: friendState });

const reachable = map<OnlineEntry>({
  name: accountName,
  host: optional(
    textAs((value) => (isHost(value) ? value : undefined)),
    null,
  ),
  port: optional(integer(1, MAX_PORT), null),
  key: bin(KEY_BYTES),
});

/** There is a host exactly where there is a port. */
export const onlineEntry: Field<OnlineEntry> = (value) => {
  const entry = reachable(value);
  return entry !== WRONG && (entry.host === null) === (entry.port === null) ? entry : WRONG;
};

const presence = map<{ name: string; key: Uint8Array; online: boolean }>({
  name: accountName,
  key: bin(KEY_BYTES),
  online: bool,
});

/** Where somebody is, who is not online, is not read. */
export const lookupResult: Field<LookupResult> = (value) => {
  const person = presence(value);
  if (person === WRONG) {
    return WRONG;
  }
  if (!person.online) {
    return { name: person.name, key: person.key, online: false };
  }
  const entry = onlineEntry(value);
  return entry === WRONG ? WRONG : { ...entry, online: true };
};

/**
 * An address or a domain name, by its letters: nothing that could be more than a host where it is dialled or
 * shown.
 */
function isHost(value: string): boolean {
  return value.length <= MAX_HOST_LENGTH && /^[A-Za-z0-9:._%-]+$/.test(value);
}
