import assert from 'node:assert/strict';
import { type Friend, type Ledger, StoreError } from '../ledger/index.ts';
import {
  type AccountView,
  type Currency,
  ERRORS,
  type ErrorName,
  type Method,
  type Methods,
  type Notifications,
} from '../protocol/index.ts';
import type { Rates } from '../system/token-buckets.ts';
import { answerCell } from './counters.ts';
import type { MessageEvent, UnnumberedEvent } from './events.ts';
import type { Operated } from './operations.ts';
import type { Arrived, Departed, HubOutput, Push } from './outputs.ts';
import type { Presence, Session } from './presence.ts';
import type { Room } from './room.ts';

/** What the hub keeps from turn to turn, as far as commands see it. */
export interface HubState {
  readonly ledger: Ledger;
  readonly presence: Presence;
  readonly currency: Currency;
  // These three are undefined where rates are lifted.
  readonly registrations: Rates | undefined;
  readonly payments: Rates | undefined;
  readonly failedLogins: Rates | undefined;
  /** Never lifted: it protects people from one another. */
  readonly friendNews: Rates;
  readonly gateways: number;
  /** Whether anybody wants events. */
  readonly events: boolean;
  readonly room: Room;
}

/** How a request of method `M` came out. */
export type Outcome<M extends Method = Method> =
  | { readonly result: Methods[M]['result'] }
  /** The gateway adds who is online. */
  | { readonly view: Omit<AccountView, 'online'> }
  | { readonly refused: ErrorName; readonly text?: string | undefined }
  /** Read from the disk once the turn is committed; the answer keeps its place in the order of answers. */
  | { readonly later: () => Promise<Methods[M]['result']> };

/** What refuses an order or a registration while the disk is as good as full. Nothing was done. */
export const NO_ROOM = {
  refused: 'INTERNAL',
  text: 'FAIL: The server cannot write at the moment, try again later',
} as const satisfies Outcome;

/**
 * One turn of the hub: a batch of inputs executed at one moment and committed together. It gathers what is to be
 * sent, and nobody sees any of it unless the commit succeeds.
 */
export class Turn {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What each gateway is to be told, in order. */
  readonly outputs: readonly HubOutput[][];
  readonly events: UnnumberedEvent[] = [];
  /** The {@link answerCell} of every answer. */
  readonly answered: number[] = [];
  /** Links that were closed in it. */
  readonly closed = new Set<number>();
  /** Orders that were carried out. */
  payments = 0;
  /** What came of the operator's operations. */
  readonly operated: Operated[] = [];
  readonly #later: (() => Promise<void>)[] = [];
  readonly #state: HubState;

  constructor(state: HubState, now: number) {
    this.#state = state;
    this.now = now;
    this.outputs = Array.from({ length: state.gateways }, () => []);
  }

  get ledger(): Ledger {
    return this.#state.ledger;
  }

  get presence(): Presence {
    return this.#state.presence;
  }

  get currency(): Currency {
    return this.#state.currency;
  }

  /** What an account that exists has, minor units. */
  balance(name: string): number {
    const account = this.ledger.account(name);
    assert(account !== undefined, 'the account exists');
    return account.balance;
  }

  /** Whether one more account may be registered from this source network now. */
  mayRegister(network: string): boolean {
    return this.#state.registrations?.take(network, this.now) ?? true;
  }

  /** Whether this account may pay once more now. */
  mayPay(account: string): boolean {
    return this.#state.payments?.take(account, this.now) ?? true;
  }

  /** Whether one more login may fail from this source network now. */
  mayFailLogin(network: string): boolean {
    return this.#state.failedLogins?.take(network, this.now) ?? true;
  }

  /** Whether the books may grow now: otherwise whoever would make them is refused with {@link NO_ROOM}. */
  get mayGrow(): boolean {
    return this.#state.room.mayGrow;
  }

  /** Whether what one account does to its friendship with another is to be told them now. No name has a blank. */
  isFriendNews(account: string, other: string): boolean {
    return this.#state.friendNews.take(`${account} ${other}`, this.now);
  }

  /** The account's friends and requests; nobody while the books cannot be read after a failure of their store. */
  friends(name: string): readonly Friend[] {
    try {
      return this.ledger.friends(name);
    } catch (error) {
      if (error instanceof StoreError) return [];
      throw error;
    }
  }

  /** Answers a request. */
  answer(
    session: Session,
    request: { readonly id: number; readonly method: string },
    outcome: Outcome,
  ): void {
    const { conn } = session;
    const { id, method } = request;
    const outputs = this.#outputs(session);
    const code = 'refused' in outcome ? ERRORS[outcome.refused].code : 100;
    const counted = this.answered.push(answerCell(method, code)) - 1;
    const logged = this.#logMessage(session, { direction: 'send', kind: 'response', method, code });
    if ('result' in outcome) outputs.push({ type: 'reply', conn, id, result: outcome.result });
    else if ('view' in outcome) outputs.push({ type: 'view', conn, id, view: outcome.view });
    else if ('refused' in outcome) {
      const text = outcome.text === undefined ? {} : { text: outcome.text };
      outputs.push({ type: 'refusal', conn, id, error: outcome.refused, ...text });
    } else {
      const place = outputs.push({ type: 'refusal', conn, id, error: 'INTERNAL' }) - 1;
      this.answered[counted] = answerCell(method, ERRORS.INTERNAL.code);
      if (logged !== undefined) logged.code = ERRORS.INTERNAL.code;
      this.#later.push(async () => {
        outputs[place] = { type: 'reply', conn, id, result: await outcome.later() };
        this.answered[counted] = answerCell(method, 100);
        if (logged !== undefined) logged.code = 100;
      });
    }
  }

  /** Notifies a client. */
  push<M extends keyof Notifications>(session: Session, method: M, params: Notifications[M]): void {
    const push = { type: 'push', conn: session.conn, method, params } as Push;
    this.#outputs(session).push(push);
    if (!this.#state.events) return;
    const name = 'name' in params ? { name: params.name } : {};
    this.#logMessage(session, { direction: 'send', kind: 'notification', method, ...name });
  }

  /** Ends a link once what is open on it is answered. */
  close(session: Session): void {
    this.#outputs(session).push({ type: 'close', conn: session.conn });
  }

  /** Tells every gateway. */
  broadcast(change: Arrived | Departed): void {
    for (const outputs of this.outputs) outputs.push(change);
  }

  /** Notes an event where events are wanted. */
  log(event: () => UnnumberedEvent): void {
    if (this.#state.events) this.events.push(event());
  }

  /** Warns the operator, whether events are wanted or not; without a text there is nothing to say. */
  warn(text: string | undefined): void {
    if (text !== undefined) this.events.push({ event: 'warning', text });
  }

  /** Notes that a request has come. */
  logRequest(session: Session, method: string, params: object | null): void {
    if (!this.#state.events) return;
    const { name, to, amount } = (params ?? {}) as Partial<Record<'name' | 'to', string>> & {
      amount?: number;
    };
    this.#logMessage(session, {
      direction: 'recv',
      kind: 'request',
      method,
      ...(name === undefined ? {} : { name }),
      ...(to === undefined ? {} : { to }),
      ...(amount === undefined ? {} : { amount }),
    });
  }

  /** Reads, after the commit, what was left for then. What cannot be read stays refused with 500. */
  async finish(): Promise<void> {
    for (const read of this.#later) {
      try {
        await read();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.warn(`a history could not be read: ${error.message}`);
      }
    }
  }

  #outputs(session: Session): HubOutput[] {
    const outputs = this.outputs[session.gateway];
    if (outputs === undefined) throw new RangeError(`no gateway ${session.gateway}`);
    return outputs;
  }

  #logMessage(session: Session, message: LoggedMessage): { code?: number } | undefined {
    if (!this.#state.events) return undefined;
    const account = session.account === undefined ? {} : { account: session.account };
    const event = { event: 'message', conn: session.conn, ...message, ...account } as const;
    this.events.push(event);
    return event;
  }
}

type LoggedMessage = Omit<MessageEvent, 'event' | 'n' | 'conn' | 'account'>;
