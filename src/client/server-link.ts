import { setTimeout as sleep } from 'node:timers/promises';
import { type Link, LinkError, type Suite } from '../link/index.ts';
import {
  type AccountView,
  type Fields,
  type Method,
  type Methods,
  type Notifications,
  ProtocolError,
  parseNotification,
  parseResult,
  type Told,
} from '../protocol/index.ts';
import { Backoff, type Pause } from './backoff.ts';
import { Calls } from './calls.ts';
import { type DialOptions, dialServer } from './dial.ts';
import {
  BusyError,
  NotConnectedError,
  OutcomeUnknownError,
  RefusedError,
  WrongServerKeyError,
} from './errors.ts';
import { MAX_OPEN_CALLS } from './limits.ts';
import { isTemporary } from './refusals.ts';

export interface ServerLinkOptions extends DialOptions {
  /** Whether to come back when the link breaks. */
  readonly reconnect: boolean;
}

/** Asks the server something and resolves to its result. */
export type AskServer = <M extends Method>(
  method: M,
  params: Methods[M]['params'],
) => Promise<Methods[M]['result']>;

/** Does this result answer what was asked? A server that answers something else has broken the protocol. */
type Believes = <M extends Method>(
  method: M,
  params: Methods[M]['params'],
  result: Methods[M]['result'],
) => boolean;

/** What a server link asks and tells the wallet that it belongs to. */
export interface ServerLinkHandlers {
  readonly believes: Believes;
  told(notification: Told<Notifications>): void;
  lost(error: Error): void;
  retrying(pause: Pause): void;
  /** There is a new link: logs in again over it, if we were logged in. The view goes to `restored`. */
  relogin(ask: AskServer): Promise<AccountView | undefined>;
  restored(view: AccountView | undefined): void;
  /** It is closed for good; called once. */
  closed(error: Error | undefined): void;
}

/** The link to the server, which is made again whenever it breaks, until it is closed. */
export class ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #handlers: ServerLinkHandlers;
  readonly #backoff = new Backoff();
  readonly #abort = new AbortController();
  #link: Link;
  #calls: Calls;
  /** Resolves when no attempt to come back is under way any more. */
  #comingBack: Promise<void> | undefined;
  /** False while we are logging in again. */
  #ready = true;
  /** Set once the link is to end: we leave, or the server has sent `kicked`. */
  #leaving = false;
  #closed = false;
  #waiting: PromiseWithResolvers<void>[] = [];

  /** `link`: made in this turn of the event loop. */
  constructor(link: Link, options: ServerLinkOptions, handlers: ServerLinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#link = link;
    this.#calls = this.#callsOver(link);
    link.on('close', (error) => this.#broken(error));
  }

  get suite(): Suite {
    return this.#link.suite;
  }

  /** False while the link is lost, and for good once it is closed. */
  get connected(): boolean {
    return this.#ready && !this.#calls.over;
  }

  /** @throws RefusedError, OutcomeUnknownError, NotConnectedError, BusyError */
  readonly ask: AskServer = async (method, params) => {
    if (!this.connected) {
      throw new NotConnectedError();
    }
    return this.#askOver(this.#calls)(method, params);
  };

  /**
   * Asks `exit`; the end of the link that follows is expected.
   * @returns the server's text
   * @throws as {@link ask}
   */
  async leave(): Promise<string> {
    this.#leaving = true;
    try {
      return (await this.ask('exit', {})).text;
    } catch (error) {
      if (error instanceof RefusedError) {
        this.#leaving = false;
      }
      throw error;
    }
  }

  /**
   * Resolves when the link is there, and we are logged in again if we were.
   * @throws NotConnectedError once it is closed for good; BusyError where too many wait already
   */
  whenConnected(): Promise<void> {
    if (this.connected) {
      return Promise.resolve();
    }
    if (this.#closed) {
      return Promise.reject(new NotConnectedError());
    }
    if (this.#waiting.length >= MAX_OPEN_CALLS) {
      return Promise.reject(new BusyError());
    }
    const waiting = Promise.withResolvers<void>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** Resolves after `delayMs`, or as soon as the link is closed for good. */
  async pause(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.#abort.signal }).catch(() => undefined);
  }

  /** Sends what is queued, closes, and tries no more. Resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#leaving = true;
    this.#abort.abort();
    await this.#link.close();
    await this.#comingBack;
    this.#finish(undefined);
  }

  #askOver(calls: Calls): AskServer {
    return (method, params) =>
      calls.request(method, params, (fields) => {
        const result = parseResult(method, fields);
        if (this.#handlers.believes(method, params, result)) {
          return result;
        }
        throw new ProtocolError('wrong_answer', method);
      });
  }

  #callsOver(link: Link): Calls {
    const handlers = {
      // There is no request that a server may make.
      request: () => ({ error: 'BAD_REQUEST' }) as const,
      notification: (method: string, params: Fields) => {
        const told = parseNotification(method, params);
        if (told !== undefined) {
          this.#told(told);
        }
      },
    };
    return new Calls(link, handlers, MAX_OPEN_CALLS);
  }

  #told(told: Told<Notifications>): void {
    // To come back would kick whoever has logged in elsewhere, who would come back in turn, and so on for
    // ever.
    if (told.method === 'kicked') {
      this.#leaving = true;
      void this.#link.close();
    }
    this.#handlers.told(told);
  }

  /** The link that was in use is over. */
  #broken(error: LinkError | undefined): void {
    if (this.#leaving) {
      this.#finish(undefined);
      return;
    }
    const reason = error ?? new NotConnectedError('the server closed the link');
    // Bytes may be damaged on the way; an authentic message that breaks the protocol is the server's own, and
    // would come again.
    if (!this.#options.reconnect || error?.code === 'bad_message') {
      this.#finish(reason);
      return;
    }
    this.#ready = false;
    this.#backoff.lost(performance.now());
    this.#handlers.lost(reason);
    this.#comingBack = this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    let end: Error | undefined;
    while (!this.#leaving) {
      const pause = this.#backoff.next();
      this.#handlers.retrying(pause);
      try {
        await sleep(pause.delayMs, undefined, { signal: this.#abort.signal });
        if (await this.#attempt()) {
          return;
        }
      } catch (error) {
        if (this.#leaving || !wouldFailAgain(error)) {
          continue;
        }
        end = error;
        break;
      }
    }
    this.#finish(end);
  }

  /** One attempt. False when the new link broke before we were logged in again. */
  async #attempt(): Promise<boolean> {
    const link = await dialServer(this.#options, this.#abort.signal);
    // `close` may have been called after the handshake and before this, and have closed only the link that
    // was lost.
    if (this.#leaving) {
      link.destroy();
      return false;
    }
    this.#link = link;
    this.#calls = this.#callsOver(link);
    let view: AccountView | undefined;
    try {
      view = await this.#handlers.relogin(this.#askOver(this.#calls));
    } catch (error) {
      link.destroy();
      throw error;
    }
    if (this.#calls.over || this.#leaving) {
      return false;
    }
    this.#ready = true;
    link.on('close', (error) => this.#broken(error));
    this.#backoff.restored(performance.now());
    this.#handlers.restored(view);
    for (const waiting of this.#waiting.splice(0)) {
      waiting.resolve();
    }
    return true;
  }

  #finish(error: Error | undefined): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.#ready = false;
    this.#leaving = true;
    this.#abort.abort();
    for (const waiting of this.#waiting.splice(0)) {
      waiting.reject(new NotConnectedError(undefined, { cause: error }));
    }
    this.#handlers.closed(error);
  }
}

/** Would another attempt fail in the same way? */
function wouldFailAgain(error: unknown): error is Error {
  if (error instanceof WrongServerKeyError) {
    return true;
  }
  if (error instanceof RefusedError) {
    return !isTemporary(error.symbol);
  }
  const breach = error instanceof OutcomeUnknownError ? error.cause : error;
  return breach instanceof LinkError && breach.code === 'bad_message';
}
