import { type Link, LinkError } from '../link/index.ts';
import {
  decodeMessages,
  type ErrorName,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type Fields,
  MAX_ID,
  type Message,
  ProtocolError,
  type Request,
  type Response,
} from '../protocol/index.ts';
import { BusyError, NotConnectedError, OutcomeUnknownError, RefusedError } from './errors.ts';

/** What we reply to a request of the other side's. With `close` the link is closed behind it. */
export type Reply =
  | { readonly result: object }
  | { readonly error: ErrorName; readonly close?: boolean | undefined };

/**
 * What becomes of the other side's requests and notifications. A handler that throws ProtocolError ends the
 * link.
 */
export interface CallHandlers {
  /** While a promised reply is awaited, nothing more is read. It must not reject. */
  request(method: string, params: Fields): Reply | Promise<Reply>;
  notification(method: string, params: Fields): void;
}

interface OpenCall {
  /** Hands on a result; throws ProtocolError for one that breaks the protocol. */
  readonly resolve: (result: Fields) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Requests and their responses over one link, both ways (MessagePack-RPC).
 *
 * To be made in the same turn of the event loop as the link, or the first messages are lost.
 */
export class Calls {
  readonly #link: Link;
  readonly #handlers: CallHandlers;
  readonly #most: number;
  readonly #open = new Map<number, OpenCall>();
  /** What has been read and waits behind a request that is being handled. */
  #inbox: Message[] = [];
  #handling = false;
  /** The other side has to read our replies before more of its requests are read. */
  #backedUp = false;
  #nextId: number;
  #over = false;

  /** `most`: how many of our requests may wait for their responses. `firstId`: u32, the id of the first. */
  constructor(link: Link, handlers: CallHandlers, most: number, firstId = 1) {
    this.#link = link;
    this.#handlers = handlers;
    this.#most = most;
    this.#nextId = firstId;
    link.on('message', (body) => this.#receive(body));
    link.on('drain', () => {
      this.#backedUp = false;
      this.#readOn();
    });
    link.on('end', () => {
      this.#end(undefined);
      void link.close();
    });
    link.on('close', (error) => this.#end(error));
  }

  /** How many of our requests wait for their responses. */
  get open(): number {
    return this.#open.size;
  }

  /** True once no response can come any more. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * Sends a request, and resolves to what `parse` makes of its result; when that throws ProtocolError, the
   * link ends.
   * @throws RefusedError, OutcomeUnknownError, NotConnectedError, BusyError; TypeError or RangeError for
   *   parameters that no message can carry
   */
  async request<T>(method: string, params: object, parse: (result: Fields) => T): Promise<T> {
    if (this.#over) {
      throw new NotConnectedError();
    }
    if (this.#open.size >= this.#most) {
      throw new BusyError();
    }
    const id = freeId(this.#nextId, this.#open);
    const message = encodeRequest(id, method, params);
    this.#nextId = following(id);
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve: (result) => resolve(parse(result)), reject });
      this.#link.send(message);
    });
  }

  /** Sends a notification, which has no response. Without effect when the link is over. */
  notify(method: string, params: object): void {
    this.#link.send(encodeNotification(method, params));
  }

  #receive(body: Uint8Array): void {
    if (this.#over) {
      return;
    }
    this.#guard(() => {
      for (const message of decodeMessages(body)) {
        this.#inbox.push(message);
      }
    });
    this.#work();
  }

  /** Takes messages in their order; a request that is not replied to at once holds up those behind it. */
  #work(): void {
    while (!this.#handling && !this.#over) {
      const message = this.#inbox.shift();
      if (message === undefined) {
        return;
      }
      this.#guard(() => this.#take(message));
    }
  }

  #take(message: Message): void {
    switch (message.type) {
      case 'response':
        this.#settle(message);
        break;
      case 'notification':
        this.#handlers.notification(message.method, message.params);
        break;
      case 'request':
        this.#request(message);
    }
  }

  #settle({ id, error, result }: Response): void {
    const call = this.#open.get(id);
    if (call === undefined) {
      throw new ProtocolError('bad_message', 'a response to nothing');
    }
    if (error === null) {
      call.resolve(result);
    } else {
      call.reject(new RefusedError(error.code, error.name, error.text));
    }
    this.#open.delete(id);
  }

  #request({ id, method, params }: Request): void {
    const reply = this.#handlers.request(method, params);
    if (!(reply instanceof Promise)) {
      this.#reply(id, reply);
      return;
    }
    this.#handling = true;
    this.#link.pause();
    void reply.then((later) => {
      this.#handling = false;
      this.#reply(id, later);
      this.#work();
      this.#readOn();
    });
  }

  #reply(id: number, reply: Reply): void {
    const message = 'result' in reply ? encodeResult(id, reply.result) : encodeError(id, reply.error);
    if (!this.#link.send(message)) {
      this.#backedUp = true;
      this.#link.pause();
    }
    if ('error' in reply && reply.close === true) {
      this.#end(undefined);
      void this.#link.close();
    }
  }

  #readOn(): void {
    if (!this.#handling && !this.#backedUp) {
      this.#link.resume();
    }
  }

  /** Runs a step; what the other side did wrong ends the link. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) {
        throw cause;
      }
      const error = new LinkError('bad_message', { cause });
      this.#end(error);
      this.#link.destroy(error);
    }
  }

  #end(cause: Error | undefined): void {
    this.#over = true;
    this.#inbox = [];
    const calls = [...this.#open.values()];
    this.#open.clear();
    for (const call of calls) {
      call.reject(new OutcomeUnknownError({ cause }));
    }
  }
}

/** The first id from `from` on that is not open. After the last u32 comes 0. */
export function freeId(from: number, open: ReadonlyMap<number, unknown>): number {
  let id = from;
  while (open.has(id)) {
    id = following(id);
  }
  return id;
}

function following(id: number): number {
  return id >= MAX_ID ? 0 : id + 1;
}
