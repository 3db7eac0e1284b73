/** What one client asks and tells another, over a link of their own: one row each. */
import { type Call, type CallTypes, map, type NoFields, text } from './fields.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { type Transfer, transfer } from './money.ts';
import type { NotificationTypes } from './notifications.ts';
import { accountName, type NameParams, typedName } from './people.ts';

function method<P extends object, R extends object>(row: Call<P, R>): Call<P, R> {
  return row;
}

const ROWS = {
  /** The initiator says who it is; the responder answers with its own name. */
  hello: method<NameParams, NameParams>({
    params: { name: typedName },
    result: map({ name: accountName }),
  }),

  /** A line of chat, of 1 to 4096 bytes. */
  say: method<{ readonly text: string }, NoFields>({
    params: { text: text(1, MAX_TEXT_BYTES) },
    result: map({}),
  }),
};

/** The parameters and the result of each method. */
export type PeerMethods = CallTypes<typeof ROWS>;

export type PeerMethod = keyof PeerMethods;

/** The row of each method. */
export const PEER_METHODS: {
  readonly [M in PeerMethod]: Call<PeerMethods[M]['params'], PeerMethods[M]['result']>;
} = ROWS;

export const PEER_NOTIFICATIONS = {
  /** The payer says so to the payee: unconfirmed until the server has said the same. */
  paid: map<{ readonly transfer: Transfer }>({ transfer }),
};

export type PeerNotifications = NotificationTypes<typeof PEER_NOTIFICATIONS>;
