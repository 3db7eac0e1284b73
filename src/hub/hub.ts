import { type Ledger, type Order, StoreError } from '../ledger/index.ts';
import { Rates } from '../system/token-buckets.ts';
import { execute } from './commands/index.ts';
import { HubCounters } from './counters.ts';
import type { UnnumberedEvent } from './events.ts';
import type { Closed, HubInput, Opened, Renewed, Request, UnknownRequest } from './inputs.ts';
import {
  FAILED_LOGINS_BURST,
  FAILED_LOGINS_PER_SECOND,
  FRIEND_NEWS_BURST,
  FRIEND_NEWS_PER_SECOND,
  PAYMENTS_BURST,
  PAYMENTS_PER_SECOND,
  REGISTRATIONS_BURST,
  REGISTRATIONS_PER_SECOND,
  REQUESTS_BURST,
  REQUESTS_PER_SECOND,
} from './limits.ts';
import {
  type AccountReport,
  accountReport,
  failedOperation,
  type Holdings,
  type Operated,
  operateInTurn,
  ordersOf,
} from './operations.ts';
import type { HubOutput } from './outputs.ts';
import { depart, onlineEntry, Presence, type Session } from './presence.ts';
import type { HubReading } from './reading.ts';
import { type Room, UNBOUNDED } from './room.ts';
import { type HubState, NO_ROOM, Turn } from './turn.ts';

export interface HubSettings {
  readonly ledger: Ledger;
  /** How many gateways there are: sessions name one from 0 to this less 1. */
  readonly gateways: number;
  /** Lifts the rates of accounts and of registrations. */
  readonly noRates: boolean;
  /** Whether to make events. */
  readonly events: boolean;
  /** Whether the disk has room for more. Default: it has. */
  readonly room?: Room | undefined;
  /** ms of any steady clock, to say how long commits take. Default: they take no time. */
  readonly clock?: (() => number) | undefined;
}

/** What came out of a batch. */
export interface HubResult {
  /** What each gateway is to be told, in order. */
  readonly outputs: readonly (readonly HubOutput[])[];
  readonly events: readonly UnnumberedEvent[];
  /** In the order of the operations. */
  readonly operated: readonly Operated[];
}

/**
 * Who is online, and what every request means: the ledger's only user. No thread, socket or clock of its own: a batch of
 * inputs and a time go in, outputs come out, and what comes out is on disk.
 *
 *     opened → session → requests: state, 400, ledger and presence → commit → answers and pushes
 */
export class Hub {
  readonly #state: HubState;
  readonly #requests: Rates | undefined;
  readonly #sessions = new Map<number, Session>();
  readonly #counters: HubCounters;

  constructor({ ledger, gateways, noRates, events, room = UNBOUNDED, clock }: HubSettings) {
    this.#state = {
      ledger,
      presence: new Presence(),
      currency: { name: ledger.currency, scale: ledger.scale },
      registrations: noRates ? undefined : new Rates(REGISTRATIONS_PER_SECOND, REGISTRATIONS_BURST),
      payments: noRates ? undefined : new Rates(PAYMENTS_PER_SECOND, PAYMENTS_BURST),
      failedLogins: noRates ? undefined : new Rates(FAILED_LOGINS_PER_SECOND, FAILED_LOGINS_BURST),
      friendNews: new Rates(FRIEND_NEWS_PER_SECOND, FRIEND_NEWS_BURST),
      gateways,
      events,
      room,
    };
    this.#counters = new HubCounters(clock);
    this.#requests = noRates ? undefined : new Rates(REQUESTS_PER_SECOND, REQUESTS_BURST);
  }

  /** Links known. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Accounts online. */
  get online(): number {
    return this.#state.presence.size;
  }

  /** What it has counted. Between batches only. */
  reading(): HubReading {
    return { ...this.#counters.reading(), ...this.#holdings(), online: this.online };
  }

  /** Who is online, sorted. Between batches only. */
  get onlineNames(): readonly string[] {
    return this.#state.presence.names().sort();
  }

  /** An account of that name, if there is one. Between batches only. Throws StoreError. */
  account(name: string): AccountReport | undefined {
    const { ledger, presence } = this.#state;
    return accountReport(ledger, name, presence.find(name) !== undefined);
  }

  /** What the books hold. Between batches only. Throws StoreError. */
  holdings(): Holdings {
    const { ledger, currency, room } = this.#state;
    const { accounts, transfers, circulation } = ledger;
    return { accounts, transfers, circulation, currency, mayGrow: room.mayGrow };
  }

  /**
   * Executes the inputs in order, commits once, and says what is to be sent. When the store fails, nothing of the batch
   * has happened but that links have come and gone, and every request of it is answered with 500. Rejects with StoreError
   * `unsettled` when something may have happened: then nothing may be said, and the books must be opened again.
   * The next batch may begin only when this one is done.
   *
   * @param now milliseconds since 1970
   */
  async execute(batch: readonly HubInput[], now: number): Promise<HubResult> {
    let turn = new Turn(this.#state, now);
    try {
      await this.#state.ledger.prefetch(this.#orders(batch));
      for (const input of batch) this.#apply(turn, input);
      const committed = this.#counters.startCommit();
      const { transfers } = await this.#state.ledger.commit();
      committed(transfers);
      if (transfers > 0) turn.warn(this.#state.room.committed());
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'unsettled') throw error;
      this.#counters.failed();
      this.#state.presence.rollback();
      await this.#forget();
      turn = this.#refuseAll(batch, now, error);
    }
    this.#state.presence.settle();
    for (const input of batch) {
      if (input.type === 'closed') this.#sessions.delete(input.conn);
      else if (input.type === 'renewed')
        for (const { conn } of this.#lostLinks(input)) this.#sessions.delete(conn);
    }
    await turn.finish();
    this.#counters.answered(turn.answered, turn.payments);
    return { outputs: turn.outputs, events: turn.events, operated: turn.operated };
  }

  #holdings(): Pick<HubReading, 'accounts' | 'circulation'> {
    const { ledger } = this.#state;
    try {
      return { accounts: ledger.accounts, circulation: ledger.circulation };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return { accounts: undefined, circulation: undefined };
    }
  }

  /** Whatever the batch had changed in the books. A store that fails even then is tried again with the next batch. */
  async #forget(): Promise<void> {
    try {
      await this.#state.ledger.rollback();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #apply(turn: Turn, input: HubInput): void {
    if (input.type === 'opened') this.#open(turn, input);
    else if (input.type === 'closed') this.#close(turn, input);
    else if (input.type === 'renewed') this.#renew(turn, input);
    else if (input.type === 'unopened')
      turn.log(() => ({ event: 'unopened', host: input.host, reason: input.reason }));
    else if (input.type === 'operate') operateInTurn(turn, input);
    else this.#answer(turn, input);
  }

  #open(turn: Turn, { conn, gateway, key, host, network }: Opened): void {
    if (!this.#sessions.has(conn)) {
      this.#sessions.set(conn, {
        conn,
        gateway,
        key,
        host,
        network,
        account: undefined,
        port: 0,
        over: false,
      });
    }
    turn.log(() => ({ event: 'connect', conn, host }));
  }

  /** Once, also when its gateway has said so and is then found to be no more. */
  #close(turn: Turn, { conn, reason }: Closed): void {
    if (turn.closed.has(conn)) return;
    turn.closed.add(conn);
    const session = this.#session(conn);
    depart(turn, session);
    turn.log(() => ({ event: 'disconnect', conn, host: session.host, reason }));
  }

  /** Whoever was on a gateway that is no more is offline, and its successor learns who is online. */
  #renew(turn: Turn, renewed: Renewed): void {
    for (const { conn } of this.#lostLinks(renewed))
      this.#close(turn, { type: 'closed', conn, reason: 'crashed' });
    for (const [name, session] of this.#state.presence.all) {
      turn.outputs[renewed.gateway]?.push({ type: 'arrived', entry: onlineEntry(name, session) });
    }
  }

  #lostLinks({ gateway, lastConn }: Renewed): readonly Session[] {
    return [...this.#sessions.values()].filter(
      (session) => session.gateway === gateway && session.conn <= lastConn,
    );
  }

  #answer(turn: Turn, request: Request | UnknownRequest): void {
    // Of a link that is gone: nobody would hear the answer.
    const session = this.#sessions.get(request.conn);
    if (session === undefined) return;
    if (request.type === 'unknown') {
      const unknown = { id: request.id, method: 'unknown' };
      turn.logRequest(session, unknown.method, null);
      const refused = this.#mayRequest(turn, session) ? 'BAD_REQUEST' : 'TOO_MANY';
      turn.answer(session, unknown, { refused });
      return;
    }
    turn.logRequest(session, request.method, request.params);
    turn.answer(
      session,
      request,
      execute(turn, session, request, () => this.#mayRequest(turn, session)),
    );
  }

  /** Of an account, on whatever link; before a login of the link alone. No name has a `#`. */
  #mayRequest(turn: Turn, session: Session): boolean {
    return this.#requests?.take(session.account ?? `#${session.conn}`, turn.now) ?? true;
  }

  /** The same inputs when the store has failed: links still come and go, and every request is refused. */
  #refuseAll(batch: readonly HubInput[], now: number, error: StoreError): Turn {
    const turn = new Turn(this.#state, now);
    // A quota that is used up is told apart from a broken disk by nobody: both may pass.
    const isDisk = error.code === 'full' || error.code === 'io';
    const text = `the ledger could not be written, and ${batch.length} inputs were refused: ${error.message}`;
    turn.warn(isDisk ? this.#state.room.failed(text) : text);
    const refusal = isDisk ? NO_ROOM : ({ refused: 'INTERNAL' } as const);
    for (const input of batch) {
      if (input.type === 'request' || input.type === 'unknown') {
        const session = this.#sessions.get(input.conn);
        if (session === undefined) continue;
        const method = input.type === 'request' ? input.method : 'unknown';
        turn.logRequest(session, method, null);
        turn.answer(session, { id: input.id, method }, refusal);
      } else if (input.type === 'operate') {
        turn.operated.push(failedOperation(input, error));
      } else {
        this.#apply(turn, input);
      }
    }
    return turn;
  }

  /**
   * Every order of the batch under every name that may turn out to pay it: who is logged in on the link, or logs in on it
   * earlier in the same batch.
   */
  #orders(batch: readonly HubInput[]): Pick<Order, 'payer' | 'id'>[] {
    const logins = new Map<number, string[]>();
    const orders: Pick<Order, 'payer' | 'id'>[] = ordersOf(
      batch.flatMap((input) => (input.type === 'operate' ? [input.operation] : [])),
    );
    for (const input of batch) {
      if (input.type !== 'request' || input.params === null) continue;
      const { conn } = input;
      if (input.method === 'login') {
        logins.set(conn, [...(logins.get(conn) ?? []), input.params.name]);
      } else if (input.method === 'pay') {
        const { id } = input.params;
        const account = this.#sessions.get(conn)?.account;
        if (account !== undefined) orders.push({ payer: account, id });
        for (const payer of logins.get(conn) ?? []) orders.push({ payer, id });
      }
    }
    return orders;
  }

  #session(conn: number): Session {
    const session = this.#sessions.get(conn);
    if (session === undefined) throw new RangeError(`no link ${conn}`);
    return session;
  }
}
