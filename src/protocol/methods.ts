/**
 * What a client may ask of the server: one row for a method, and in it all that anybody knows of the method
 * outside of the file that carries it out. What follows from the rows: which methods there are, how their
 * messages are read, which state of a link they are refused in, what counts against a rate, what a gateway
 * lets a client have open, what the hub counts, and what a client believes.
 */
import { type AccountView, accountView, type LoginParams } from './account.ts';
import { anything, isNamed, isOwnCurrency, isPage, isPaid, type Judge } from './answers.ts';
import { array, type Call, type CallTypes, integer, map, type NoFields, optional, text } from './fields.ts';
import { MAX_HISTORY, MAX_PORT, MAX_TEXT_BYTES } from './limits.ts';
import {
  type HistoryParams,
  memo,
  orderId,
  type PayParams,
  type PayResult,
  payResult,
  type Transfer,
  transfer,
} from './money.ts';
import { type Ok, ok } from './ok.ts';
import {
  type Friend,
  type FriendState,
  friend,
  friendState,
  type LookupResult,
  lookupResult,
  type NameParams,
  typedName,
} from './people.ts';

/** What is known of a method with parameters `P` and result `R`. */
export interface MethodRow<P extends object, R extends object> extends Call<P, R> {
  /** Whether the result answers what was asked: otherwise the link ends too. */
  readonly answers: Judge<P, R>;
  /** Who may: otherwise 220 where somebody must be logged in on the link, 230 where nobody may be. */
  readonly needs: 'logged in' | 'logged out' | 'any state';
  /**
   * `heavy`: the result may be as long as a record (64 KiB), 100 times what the others are; so a client has
   * fewer open.
   */
  readonly weight: 'light' | 'heavy';
  /** Whether it counts against the rate of the account, and may be answered with 429. */
  readonly rated: boolean;
}

/** A row; what most methods have in common need not be said. */
function method<P extends object, R extends object>(
  row: Omit<MethodRow<P, R>, 'weight' | 'rated'> & Partial<Pick<MethodRow<P, R>, 'weight' | 'rated'>>,
): MethodRow<P, R> {
  return { weight: 'light', rated: true, ...row };
}

const ROWS = {
  /** Binds a free name to the key of the link. */
  register: method<NameParams, Ok>({
    params: { name: typedName },
    result: map(ok),
    answers: anything,
    needs: 'logged out',
  }),

  /** Says as whom the client speaks from now on: the name must belong to the key of the link. */
  login: method<LoginParams, AccountView>({
    params: { name: typedName, port: integer(0, MAX_PORT) },
    result: accountView,
    answers: (params, view, asker) => isNamed(params, view, asker) && isOwnCurrency(view, asker),
    needs: 'logged out',
    weight: 'heavy',
  }),

  /** What the account has, and who is online. */
  list: method<NoFields, AccountView>({
    params: {},
    result: accountView,
    answers: (_, view, asker) => view.name === asker.name && isOwnCurrency(view, asker),
    needs: 'logged in',
    weight: 'heavy',
  }),

  /** Moves money to somebody who is online, once for each id. */
  pay: method<PayParams, PayResult>({
    params: { to: typedName, amount: integer(), id: orderId, memo },
    result: payResult,
    answers: isPaid,
    needs: 'logged in',
  }),

  /** Which key somebody has, and where they are. */
  lookup: method<NameParams, LookupResult>({
    params: { name: typedName },
    result: lookupResult,
    answers: isNamed,
    needs: 'logged in',
  }),

  /** The account's transfers, newest first. */
  history: method<HistoryParams, { readonly transfers: readonly Transfer[] }>({
    params: {
      before: optional(integer(1), undefined),
      limit: optional(integer(1, MAX_HISTORY), undefined),
    },
    result: map({ transfers: array(transfer) }),
    answers: isPage,
    needs: 'logged in',
    weight: 'heavy',
  }),

  /** The account's friends and open requests. */
  friends: method<NoFields, { readonly friends: readonly Friend[] }>({
    params: {},
    result: map({ friends: array(friend) }),
    answers: anything,
    needs: 'logged in',
    weight: 'heavy',
  }),

  /** Asks somebody to be friends, or accepts one who has asked. */
  befriend: method<NameParams, { readonly state: FriendState }>({
    params: { name: typedName },
    result: map({ state: friendState }),
    // Who asks has asked, or has accepted: nobody is left waiting for them.
    answers: (_, { state }) => state !== 'asking',
    needs: 'logged in',
  }),

  /** Ends a friendship, withdraws a request, or declines one. */
  unfriend: method<NameParams, NoFields>({
    params: { name: typedName },
    result: map({}),
    answers: anything,
    needs: 'logged in',
  }),

  /** Logs out and ends the link. Leaving is always allowed. */
  exit: method<NoFields, { readonly text: string }>({
    params: {},
    result: map({ text: text(0, MAX_TEXT_BYTES) }),
    answers: anything,
    needs: 'logged in',
    rated: false,
  }),
};

/** The parameters and the result of each method. */
export type Methods = CallTypes<typeof ROWS>;

export type Method = keyof Methods;

/** The row of each method. */
export const METHODS: {
  readonly [M in Method]: MethodRow<Methods[M]['params'], Methods[M]['result']>;
} = ROWS;
