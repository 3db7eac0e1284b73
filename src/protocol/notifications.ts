/**
 * What the server tells a client, who never answers it: one row for a notification, which reads its
 * parameters.
 */
import { bool, type Field, map, text, type WRONG } from './fields.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { type Transfer, transfer } from './money.ts';
import { accountName, type FriendState, friendState } from './people.ts';

const words = map<{ readonly text: string }>({ text: text(0, MAX_TEXT_BYTES) });

export const NOTIFICATIONS = {
  /** The account was paid. */
  paid: map<{ readonly transfer: Transfer }>({ transfer }),

  /** Somebody asks to be friends, or has accepted. */
  friend: map<{ readonly name: string; readonly state: FriendState }>({
    name: accountName,
    state: friendState,
  }),

  /** A friend has come or gone. */
  presence: map<{ readonly name: string; readonly online: boolean }>({ name: accountName, online: bool }),

  /** The account has logged in elsewhere, or its name belongs to another key now. CLOSE follows. */
  kicked: words,

  /** Words of the operator's. */
  notice: words,
};

/** What the rows of a table read, by method. */
export type NotificationTypes<Rows extends Readonly<Record<string, Field<object>>>> = {
  readonly [M in keyof Rows]: Exclude<ReturnType<Rows[M]>, typeof WRONG>;
};

export type Notifications = NotificationTypes<typeof NOTIFICATIONS>;

/** A notification with its parameters checked, told apart by `method`. */
export type Told<N> = { [M in keyof N]: { readonly method: M; readonly params: N[M] } }[keyof N];
