/**
 * Every message of the protocol as a type. All are maps with the keys written here; unknown keys are ignored.
 * Amounts and balances are integers that count minor units of the currency (scale 2: 1250 is 12.50).
 * Where a key may be nil, the type says null; where it may be absent, the type says so with `?`.
 */
import type { ErrorMap } from './errors.ts';

/** A map as it comes from the wire, nothing known of its values but that they are of the MessagePack subset. */
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

/** What the results of register, login, list and pay begin with. */
export interface Ok {
  readonly code: 100;
  readonly text: string;
}

/** The one value of {@link Ok}. */
export const OK: Ok = { code: 100, text: '100 OK' };

/** The `text` of the result of exit. */
export const BYE = 'Bye!';

export interface Currency {
  /** 1 to 32 bytes, such as "dollars". */
  readonly name: string;
  /** Decimals: how many digits of an amount stand behind the point, 0 to 15. */
  readonly scale: number;
}

/** One person online. `host` and `port` are both null where they take no peer links. */
export interface OnlineEntry {
  readonly name: string;
  readonly host: string | null;
  readonly port: number | null;
  /** 32 bytes: the static key that a peer link to them must show. */
  readonly key: Uint8Array;
}

/** The result of login and list. `online` is sorted by name and includes the account itself. */
export interface AccountView extends Ok {
  readonly name: string;
  readonly balance: number;
  readonly currency: Currency;
  readonly online: readonly OnlineEntry[];
}

/** Money that has moved. A payer may be the issuer, whose name nobody can register. */
export interface Transfer {
  /** The ledger's order, from 1. */
  readonly seq: number;
  /** 16 bytes, the order's own. */
  readonly id: Uint8Array;
  readonly from: string;
  readonly to: string;
  /** More than zero. */
  readonly amount: number;
  /** Always there, always a str: empty when the payer gave none. At most 256 bytes. */
  readonly memo: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The result of pay. `payee` is null when the payee is no longer online. */
export interface PayResult extends Ok {
  readonly transfer: Transfer;
  /** The payer's balance. */
  readonly balance: number;
  readonly payee: OnlineEntry | null;
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

export interface Friend {
  readonly name: string;
  readonly online: boolean;
  readonly state: FriendState;
}

/** Nothing is needed. */
export type NoFields = Readonly<Record<never, never>>;

export interface NameParams {
  /** Lower case once parsed. */
  readonly name: string;
}

export interface LoginParams extends NameParams {
  /** The TCP port of the client's peer listener; 0 where it takes no peer links. */
  readonly port: number;
}

export interface PayParams {
  /** The payee's name, lower case once parsed. */
  readonly to: string;
  /** Any integer passes here; what is not more than zero is refused with 313, not 400. */
  readonly amount: number;
  /** 16 bytes, unique to the order: the same order again under the same id pays once. */
  readonly id: Uint8Array;
  /** Empty for none, which is the same as leaving it out. At most 256 bytes. */
  readonly memo: string;
}

export interface HistoryParams {
  /** Only transfers with a smaller `seq`. */
  readonly before?: number | undefined;
  /** 1 to 100; without it, 100. */
  readonly limit?: number | undefined;
}

/** What a client asks of the server: the parameters and the result of each method. */
export interface Methods {
  readonly register: { readonly params: NameParams; readonly result: Ok };
  readonly login: { readonly params: LoginParams; readonly result: AccountView };
  readonly list: { readonly params: NoFields; readonly result: AccountView };
  readonly pay: { readonly params: PayParams; readonly result: PayResult };
  readonly lookup: { readonly params: NameParams; readonly result: LookupResult };
  readonly history: {
    readonly params: HistoryParams;
    /** Newest first. */
    readonly result: { readonly transfers: readonly Transfer[] };
  };
  readonly friends: { readonly params: NoFields; readonly result: { readonly friends: readonly Friend[] } };
  readonly befriend: { readonly params: NameParams; readonly result: { readonly state: FriendState } };
  readonly unfriend: { readonly params: NameParams; readonly result: NoFields };
  readonly exit: { readonly params: NoFields; readonly result: { readonly text: string } };
}

export type Method = keyof Methods;

/** What the server tells a client unasked. */
export interface Notifications {
  readonly paid: { readonly transfer: Transfer };
  readonly friend: { readonly name: string; readonly state: FriendState };
  /** Of friends only. */
  readonly presence: { readonly name: string; readonly online: boolean };
  /** The same account logged in elsewhere; CLOSE follows. */
  readonly kicked: { readonly text: string };
  readonly notice: { readonly text: string };
}

/** What one client asks of another. */
export interface PeerMethods {
  /** The initiator says who it is; the responder answers with its own name. */
  readonly hello: { readonly params: NameParams; readonly result: NameParams };
  readonly say: {
    /** 1 to 4096 bytes. */
    readonly params: { readonly text: string };
    readonly result: NoFields;
  };
}

export type PeerMethod = keyof PeerMethods;

/** What a payer tells the payee directly; unconfirmed until the server has said the same. */
export interface PeerNotifications {
  readonly paid: { readonly transfer: Transfer };
}

/** A notification with its parameters checked, told apart by `method`. */
export type Told<N> = { [M in keyof N]: { readonly method: M; readonly params: N[M] } }[keyof N];
