import type { HubInput, KnownRequest } from '../../hub/index.ts';
import { type Link, LinkError } from '../../link/index.ts';
import {
  decodeMessage,
  type ErrorName,
  encodeError,
  encodeResult,
  isMethod,
  METHODS,
  type Method,
  ProtocolError,
  parseParams,
  type Request,
} from '../../protocol/index.ts';
import type { GatewayOutput } from '../hub-thread/packed-outputs.ts';
import {
  HEAVY_WEIGHT,
  MAX_OPEN_WEIGHT,
  MAX_QUEUED_BYTES,
  MAX_READ_AT_ONCE,
  STALL_LIMIT_MS,
} from '../limits.ts';
import type { OnlineList } from './online-list.ts';

/** What is addressed to one link. */
export type ConnectionOutput = Extract<GatewayOutput, { readonly conn: number }>;

const NOTHING = new Uint8Array(0);

/**
 * One client's link: its messages are decoded and become the hub's inputs, what the hub says to it is sent.
 *
 * Requests that are with the hub are *open*, and have a weight. When they weigh {@link MAX_OPEN_WEIGHT}, or
 * when the client does not read its answers, the rest of its record waits undecoded and its link is read no
 * further. So however much a client sends, it costs one record and a bounded number of answers.
 */
export class Connection {
  readonly conn: number;
  readonly #link: Link;
  readonly #forward: (input: HubInput) => void;
  /** The weight of each open request by its id. */
  readonly #open = new Map<number, number>();
  #weight = 0;
  /** Messages read since the last pause for the others. */
  #read = 0;
  /** The part of a record that was read but not decoded. */
  #waiting: Uint8Array | undefined;
  /** When the link began to have more queued than it takes, in ms of the time handed to `sweep`. */
  #cloggedSince: number | undefined;
  #clogged = false;
  /** Nothing more is read; once nothing is open, the link closes. */
  #ending = false;

  constructor(conn: number, link: Link, forward: (input: HubInput) => void) {
    this.conn = conn;
    this.#link = link;
    this.#forward = forward;
    link.on('message', (body) => this.#receive(body));
    link.on('end', () => this.end());
    link.on('drain', () => this.#drained());
    // The hub has been told: nothing more may come of what the link brought.
    link.on('close', () => {
      this.#waiting = undefined;
    });
  }

  /** Requests that the hub has not answered yet. */
  get open(): number {
    return this.#open.size;
  }

  /** Bytes that the client has not taken yet. */
  get queuedBytes(): number {
    return this.#link.queuedBytes;
  }

  /** Carries out what the hub says. `online` is who is online at this point of its outputs. */
  deliver(output: ConnectionOutput, online: OnlineList): void {
    switch (output.type) {
      case 'message':
        if (output.answers === undefined) {
          this.#send(output.bytes);
        } else {
          this.#answer(output.answers, output.bytes);
        }
        break;
      case 'view': {
        const view = { ...output.view, online: online.shownTo(output.view.name) };
        this.#answer(output.id, encodeResult(output.id, view));
        break;
      }
      case 'close':
        this.#waiting = undefined;
        this.end();
    }
  }

  /** Reads nothing more, answers what has been read, then closes the link. */
  end(): void {
    this.#ending = true;
    this.#proceed();
  }

  /** Gives the client up when it has left its answers unread for too long. `now`: ms of any steady clock. */
  sweep(now: number): void {
    if (!this.#clogged) {
      this.#cloggedSince = undefined;
    } else {
      this.#cloggedSince ??= now;
    }
    if (this.#cloggedSince !== undefined && now - this.#cloggedSince >= STALL_LIMIT_MS) {
      this.#link.destroy(new LinkError('overflow'));
    }
  }

  #receive(body: Uint8Array): void {
    if (!this.#ending) {
      this.#take(body);
    }
  }

  #take(body: Uint8Array): void {
    const rest = this.#decode(body);
    this.#waiting = rest.length === 0 ? undefined : rest.slice();
    if (this.#waiting !== undefined || !this.#hasRoom) {
      this.#link.pause();
    }
  }

  /** Decodes as long as there is room for what comes of it; returns the rest. */
  #decode(body: Uint8Array): Uint8Array {
    let at = 0;
    try {
      do {
        const { message, end } = decodeMessage(body, at);
        if (message.type === 'request') {
          this.#request(message);
        }
        // The server asks nothing, so nothing can be answered. A notification that it does not know is no
        // harm.
        else if (message.type === 'response') {
          throw new LinkError('bad_message');
        }
        at = end;
        this.#count();
      } while (at < body.length && this.#hasRoom);
    } catch (cause) {
      if (!(cause instanceof ProtocolError || cause instanceof LinkError)) {
        throw cause;
      }
      this.#link.destroy(new LinkError('bad_message', { cause }));
      return NOTHING;
    }
    return body.subarray(at);
  }

  get #hasRoom(): boolean {
    return this.#weight < MAX_OPEN_WEIGHT && this.#read < MAX_READ_AT_ONCE && !this.#clogged;
  }

  /** Lets the other links have their turn when many messages have been read. */
  #count(): void {
    this.#read++;
    if (this.#read < MAX_READ_AT_ONCE) {
      return;
    }
    setImmediate(() => {
      this.#read = 0;
      this.#proceed();
    });
  }

  #request({ id, method, params }: Request): void {
    if (this.#open.has(id)) {
      // Two answers under one id could not be told apart; the first request keeps its answer.
      this.#send(encodeError(id, 'BAD_REQUEST' satisfies ErrorName));
      return;
    }
    const isKnown = isMethod(method);
    const weight = isKnown && METHODS[method].weight === 'heavy' ? HEAVY_WEIGHT : 1;
    this.#open.set(id, weight);
    this.#weight += weight;
    const { conn } = this;
    this.#forward(isKnown ? knownRequest(conn, id, method, params) : { type: 'unknown', conn, id });
  }

  #answer(id: number, bytes: Uint8Array): void {
    this.#weight -= this.#open.get(id) ?? 0;
    this.#open.delete(id);
    this.#send(bytes);
    this.#proceed();
  }

  #send(bytes: Uint8Array): void {
    if (!this.#link.send(bytes)) {
      this.#clogged = true;
      this.#link.pause();
    }
    if (this.#link.queuedBytes > MAX_QUEUED_BYTES) {
      this.#link.destroy(new LinkError('overflow'));
    }
  }

  #drained(): void {
    this.#clogged = false;
    this.#proceed();
  }

  /** Goes on with what had to wait, as far as there is room; or closes, when all is answered that will be. */
  #proceed(): void {
    if (this.#waiting !== undefined && this.#hasRoom) {
      this.#take(this.#waiting);
    }
    if (this.#ending) {
      this.#close();
    } else if (this.#waiting === undefined && this.#hasRoom) {
      this.#link.resume();
    }
  }

  /**
   * Closes as soon as nothing is open. One who does not even read the answers so far gets no more of them.
   */
  #close(): void {
    if (this.#clogged) {
      this.#waiting = undefined;
    }
    if (this.#open.size > 0 || this.#waiting !== undefined) {
      return;
    }
    void this.#link.close();
    // To hear the other side's CLOSE.
    this.#link.resume();
  }
}

function knownRequest<M extends Method>(
  conn: number,
  id: number,
  method: M,
  params: Request['params'],
): KnownRequest<M> {
  const parsed = parseParams(method, params);
  return { type: 'request', conn, id, method, params: parsed.ok ? parsed.params : null };
}
