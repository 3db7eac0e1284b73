import { EventEmitter } from 'node:events';
import type { LinkError } from '../../src/link/index.ts';
import { decodeMessages, type Message } from '../../src/protocol/index.ts';
import type { Ask } from './asks.ts';
import type { Dice } from './dice.ts';

/** Something waits to arrive here. */
interface Way {
  /** Where it stands among those that are ready; -1: it is not. */
  place: number;
  deliver(): void;
}

/**
 * All ways on which something waits to arrive: which goes on next is left to chance, and that is every delay
 * there is.
 */
export class Network {
  readonly ready: Way[] = [];

  /** One thing arrives. False: nothing is on its way. */
  deliver(dice: Dice): boolean {
    if (this.ready.length === 0) {
      return false;
    }
    dice.pick(this.ready).deliver();
    return true;
  }
}

/** A way from one to another that keeps the order. */
export class Channel<T> implements Way {
  place = -1;
  readonly #network: Network;
  readonly #deliver: (thing: T) => void;
  readonly #things: T[] = [];
  #held = false;

  constructor(network: Network, deliver: (thing: T) => void) {
    this.#network = network;
    this.#deliver = deliver;
  }

  get length(): number {
    return this.#things.length;
  }

  push(thing: T): void {
    this.#things.push(thing);
    this.#settle();
  }

  /** The first arrives. */
  deliver(): void {
    const thing = this.#things.shift() as T;
    this.#settle();
    this.#deliver(thing);
  }

  /** Nothing arrives, or does again. */
  hold(held: boolean): void {
    this.#held = held;
    this.#settle();
  }

  /** Only the first `count` will arrive. */
  keep(count: number): void {
    this.#things.length = Math.min(count, this.#things.length);
    this.#settle();
  }

  #settle(): void {
    const { ready } = this.#network;
    const isReady = this.#things.length > 0 && !this.#held;
    if (isReady === this.place >= 0) {
      return;
    }
    if (isReady) {
      this.place = ready.push(this) - 1;
      return;
    }
    const last = ready.pop() as Way;
    if (last !== this) {
      ready[this.place] = last;
      last.place = this.place;
    }
    this.place = -1;
  }
}

type ToServer =
  | { readonly type: 'dial' }
  | { readonly type: 'record'; readonly bytes: Uint8Array }
  | { readonly type: 'close' }
  | { readonly type: 'gone'; readonly error: string | undefined };

type ToClient =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'close' }
  | { readonly type: 'gone' };

/** A request, as its client means it. */
export interface Meant {
  readonly id: number;
  readonly ask: Ask;
  /** The request before it, which cannot be answered yet, has the same id. */
  readonly twin: boolean;
}

/** What a server does with a link. */
export interface ServerSide {
  accept(link: SimulatedLink): void;
  /** Something is said to the client. */
  says(link: SimulatedLink, message: Message): void;
  /** The server has ended the link: with an error, or in order. */
  ends(link: SimulatedLink, error: LinkError | undefined): void;
}

/** What a client does with a link. */
export interface ClientSide {
  hears(message: Message): void;
  /** The link is over: in order or not. */
  over(inOrder: boolean): void;
}

/**
 * A link between a client and a server, without its bytes: records one way, messages the other, each in
 * order.
 */
export class SimulatedLink {
  readonly key: Uint8Array;
  readonly host: string;
  /** What the server's code holds in its hands. */
  readonly end: LinkEnd;
  /** Since the server knows it. */
  conn = 0;
  /** What the client means by what it has sent and the server has not read yet. */
  readonly meant: Meant[] = [];
  /** The client has broken the protocol. */
  broken = false;
  readonly #server: ServerSide;
  readonly #client: ClientSide;
  readonly #toServer: Channel<ToServer>;
  readonly #toClient: Channel<ToClient>;
  #cut = false;
  #clientClosed = false;
  #serverClosed = false;
  #serverOver = false;
  #clientOver = false;

  constructor(network: Network, server: ServerSide, client: ClientSide, key: Uint8Array, host: string) {
    this.#server = server;
    this.#client = client;
    this.key = key;
    this.host = host;
    this.end = new LinkEnd(this);
    this.#toServer = new Channel(network, (what) => this.#arrive(what));
    this.#toClient = new Channel(network, (what) => this.#return(what));
    this.#toServer.push({ type: 'dial' });
  }

  /** The client sends a record. */
  send(bytes: Uint8Array, meant: readonly Meant[]): void {
    if (this.#cut || this.#clientClosed) {
      return;
    }
    this.meant.push(...meant);
    this.#toServer.push({ type: 'record', bytes });
  }

  /** The client says that it sends nothing more. */
  close(): void {
    if (this.#cut || this.#clientClosed) {
      return;
    }
    this.#clientClosed = true;
    this.#toServer.push({ type: 'close' });
  }

  /** The connection breaks: of what is on its way, either direction keeps only a beginning. */
  cut(dice: Dice): void {
    if (this.#cut) {
      return;
    }
    this.#cut = true;
    this.#toServer.keep(dice.below(this.#toServer.length + 1));
    this.#toClient.keep(dice.below(this.#toClient.length + 1));
    this.#toServer.push({ type: 'gone', error: 'truncated' });
    this.#toClient.push({ type: 'gone' });
  }

  /** The server is no more. */
  serverDies(dice: Dice): void {
    this.#serverOver = true;
    this.#toServer.keep(0);
    this.cut(dice);
    this.#toServer.keep(0);
  }

  /** The client is no more. */
  clientDies(dice: Dice): void {
    this.#clientOver = true;
    this.cut(dice);
    this.#toClient.keep(0);
  }

  /** By the server. */
  say(bytes: Uint8Array): void {
    const [message, ...more] = decodeMessages(bytes);
    if (message === undefined || more.length > 0) {
      throw new RangeError('a message is sent as one');
    }
    this.#server.says(this, message);
    if (!this.#cut && !this.#serverClosed) {
      this.#toClient.push({ type: 'message', message });
    }
  }

  /** By the server. */
  sayClose(): void {
    if (this.#serverClosed || this.#serverOver) {
      return;
    }
    this.#serverClosed = true;
    this.#server.ends(this, undefined);
    if (!this.#cut) {
      this.#toClient.push({ type: 'close' });
    }
    if (this.end.ended) {
      this.#toServer.push({ type: 'gone', error: undefined });
    }
  }

  /** By the server. */
  destroy(error: LinkError): void {
    if (this.#serverOver) {
      return;
    }
    this.#server.ends(this, error);
    if (!this.#cut) {
      this.#toClient.push({ type: 'gone' });
    }
    this.#cut = true;
    this.#toServer.keep(0);
    this.#toServer.hold(false);
    this.#toServer.push({ type: 'gone', error: error.code });
  }

  /** By the server. */
  hold(held: boolean): void {
    this.#toServer.hold(held);
  }

  #arrive(what: ToServer): void {
    if (this.#serverOver) {
      return;
    }
    if (what.type === 'dial') {
      this.#server.accept(this);
    } else if (this.conn === 0) {
      this.#serverOver = true;
    } else if (what.type === 'record') {
      this.end.emit('message', what.bytes);
    } else if (what.type === 'close' && !this.#serverClosed) {
      this.end.ended = true;
      this.end.emit('end');
    } else {
      this.#serverOver = true;
      this.end.emit('close', what.type === 'gone' ? what.error : undefined);
    }
  }

  #return(what: ToClient): void {
    if (this.#clientOver) {
      return;
    }
    if (what.type === 'message') {
      this.#client.hears(what.message);
      return;
    }
    if (what.type === 'close') {
      this.close();
    }
    this.#clientOver = true;
    this.#client.over(what.type === 'close');
  }
}

/** A link as the server's code knows it: a stand-in for `Link`, as far as a connection uses that. */
export class LinkEnd extends EventEmitter<{
  message: [bytes: Uint8Array];
  end: [];
  drain: [];
  close: [error: string | undefined];
}> {
  readonly queuedBytes = 0;
  /** The client has said that it sends nothing more. */
  ended = false;
  readonly #link: SimulatedLink;

  constructor(link: SimulatedLink) {
    super();
    this.#link = link;
  }

  send(bytes: Uint8Array): boolean {
    this.#link.say(bytes);
    return true;
  }

  async close(): Promise<void> {
    this.#link.sayClose();
  }

  destroy(error: LinkError): void {
    this.#link.destroy(error);
  }

  pause(): void {
    this.#link.hold(true);
  }

  resume(): void {
    this.#link.hold(false);
  }
}
