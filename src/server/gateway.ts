import { type Link, LinkError, type Listener, type ListenOptions, listen } from '../link/index.ts';
import { decodeAgent, ProtocolError } from '../protocol/index.ts';
import { Connection } from './connection.ts';
import type { HubInput } from './exchange.ts';
import { MAX_LINKS, STALL_CHECK_MS } from './limits.ts';
import { OnlineList } from './online-list.ts';
import type { Delivery } from './parcel.ts';

export interface GatewaySettings {
  /** From 0: what the hub knows it by. */
  readonly gateway: number;
  readonly listen: Omit<ListenOptions, 'admit'>;
  /** Whether the hub wants to hear of connections that came to nothing. */
  readonly events: boolean;
  /** Shared by all gateways: the links that exist, and the links made so far. */
  readonly counters: Int32Array;
  /** Takes to the hub all that has come in during one turn of the event loop, in order. */
  readonly post: (inputs: readonly HubInput[]) => void;
}

const LINKS = 0;
const LAST_CONN = 1;

/** The counters that all gateways of a server share, both zero. */
export function newCounters(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** All links of one thread: what comes in goes to the hub in order, one message a turn; what the hub says goes out. */
export class Gateway {
  readonly #settings: GatewaySettings;
  readonly #connections = new Map<number, Connection>();
  readonly #online = new OnlineList();
  #listener: Listener | undefined;
  #inputs: HubInput[] = [];
  #stopping: (() => void) | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
  }

  /** Begins to listen. Rejects with the system's error, such as EADDRINUSE. */
  async start(): Promise<Listener> {
    const admit = () =>
      Atomics.load(this.#settings.counters, LINKS) + (this.#listener?.opening ?? 0) <= MAX_LINKS;
    const listener = await listen({ ...this.#settings.listen, admit });
    listener.on('link', (link) => this.#accept(link));
    listener.on('failed', (error, host) => this.#unopened(host, error.code));
    this.#listener = listener;
    this.#sweep = setInterval(() => this.#sweepAll(), STALL_CHECK_MS).unref();
    return listener;
  }

  /** Carries out what the hub says, in order. */
  deliver(deliveries: Iterable<Delivery>): void {
    for (const delivery of deliveries) {
      if (delivery.type === 'arrived') this.#online.arrived(delivery.entry);
      else if (delivery.type === 'departed') this.#online.departed(delivery.name);
      // A link that has gone in the meantime has no use for what was meant for it.
      else this.#connections.get(delivery.conn)?.deliver(delivery, this.#online);
    }
  }

  /** Accepts nothing more, answers what was taken, and closes all links. Resolves when the last is gone. */
  async stop(): Promise<void> {
    this.#listener?.close();
    clearInterval(this.#sweep);
    const empty = new Promise<void>((resolve) => {
      this.#stopping = resolve;
    });
    for (const connection of this.#connections.values()) connection.end();
    if (this.#connections.size > 0) await empty;
    this.#flush();
  }

  #accept(link: Link): void {
    try {
      decodeAgent(link.remotePayload);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      link.destroy(new LinkError('bad_message', { cause }));
      this.#unopened(link.remoteHost, 'bad_message');
      return;
    }
    const { counters, gateway } = this.#settings;
    Atomics.add(counters, LINKS, 1);
    const conn = Atomics.add(counters, LAST_CONN, 1) + 1;
    const key = new Uint8Array(link.remoteKey);
    this.#forward({ type: 'opened', conn, gateway, key, host: link.remoteHost });
    const connection = new Connection(conn, link, (input) => this.#forward(input));
    this.#connections.set(conn, connection);
    link.on('close', (error) => this.#closed(conn, error));
    if (this.#stopping !== undefined) connection.end();
  }

  #unopened(host: string, reason: string): void {
    if (this.#settings.events) this.#forward({ type: 'unopened', host, reason });
  }

  #closed(conn: number, error: LinkError | undefined): void {
    Atomics.sub(this.#settings.counters, LINKS, 1);
    this.#connections.delete(conn);
    this.#forward({ type: 'closed', conn, reason: error?.code ?? 'closed' });
    if (this.#connections.size === 0) this.#stopping?.();
  }

  /** At the end of a turn of the event loop all that came in during it goes to the hub at once. */
  #forward(input: HubInput): void {
    if (this.#inputs.push(input) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#inputs.length === 0) return;
    const inputs = this.#inputs;
    this.#inputs = [];
    this.#settings.post(inputs);
  }

  #sweepAll(): void {
    const now = performance.now();
    for (const connection of this.#connections.values()) connection.sweep(now);
  }
}
