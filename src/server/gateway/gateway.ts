import type { HubInput } from '../../hub/index.ts';
import {
  handshakeSteps,
  type Link,
  LinkError,
  type LinkErrorCode,
  type Listener,
  type ListenOptions,
  listen,
  sourceNetwork,
} from '../../link/index.ts';
import { decodeAgent, ProtocolError } from '../../protocol/index.ts';
import { systemCode } from '../../system/errors.ts';
import type { GatewayOutput } from '../hub-thread/packed-outputs.ts';
import { COLLECT_AFTER_CONNECTIONS, QUIET_CONNECTIONS, STALL_CHECK_MS, WARNING_PAUSE_MS } from '../limits.ts';
import type { GatewayReading, HandshakeOutcome } from '../metrics/readings.ts';
import { collectGarbage } from './collect-garbage.ts';
import { Connection } from './connection.ts';
import { OnlineList } from './online-list.ts';
import { gatewayAdmission, nextConn, type SharedCounts } from './shared-counts.ts';

/** What a gateway is made with. */
export interface GatewaySettings {
  /** From 0: what the hub knows it by. */
  readonly gateway: number;
  readonly listen: Omit<ListenOptions, 'admission' | 'admit'>;
  /** Whether the hub wants to hear of connections that came to nothing. */
  readonly events: boolean;
  readonly counts: SharedCounts;
  /** Takes to the hub all that has come in during one turn of the event loop, in order. */
  readonly post: (inputs: readonly HubInput[]) => void;
  /** Takes what the operator should know. */
  readonly warn: (text: string) => void;
}

/** What a gateway warns of, now and then. */
const WARNINGS = {
  dropped:
    'too many connections are being made at once, in all or from one address: some are turned away unheard',
  busy: 'there are as many connections as may be, in all or from one address: others are told that the server is busy',
  strained: 'the system could not hand over a connection',
} as const;

/**
 * All links of one thread: what comes in goes to the hub in order, one message a turn; what the hub says goes
 * out.
 */
export class Gateway {
  readonly #settings: GatewaySettings;
  readonly #connections = new Map<number, Connection>();
  readonly #online = new OnlineList();
  /** How often each outcome of a handshake came. */
  readonly #handshakes: Partial<Record<HandshakeOutcome, number>> = {};
  /** When it was last warned of something, in ms. */
  readonly #warned: Partial<Record<keyof typeof WARNINGS, number>> = {};
  /** Connections that have ended since it was last quiet, and how many of them had at the last look. */
  #ended = 0;
  #endedBefore = 0;
  #listener: Listener | undefined;
  #inputs: HubInput[] = [];
  #stopping: (() => void) | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
  }

  /** Begins to listen. @throws the system's error, such as EADDRINUSE */
  async start(): Promise<Listener> {
    const { counts, gateway } = this.#settings;
    const admission = gatewayAdmission(counts, gateway);
    const listener = await listen({ ...this.#settings.listen, admission });
    listener.on('link', (link) => this.#accept(link));
    listener.on('failed', (error, host) => {
      if (error.code === 'refused_busy') {
        this.#warn('busy');
      }
      this.#unopened(host, error.code);
    });
    listener.on('dropped', () => {
      this.#count('dropped');
      this.#warn('dropped');
    });
    listener.on('strained', (error) => this.#warn('strained', `: ${systemCode(error) ?? error.message}`));
    this.#listener = listener;
    this.#sweep = setInterval(() => this.#sweepAll(), STALL_CHECK_MS).unref();
    return listener;
  }

  /** Carries out what the hub says, in order. */
  deliver(outputs: Iterable<GatewayOutput>): void {
    handshakeSteps.yield();
    for (const output of outputs) {
      if (output.type === 'arrived') {
        this.#online.arrived(output.entry);
      } else if (output.type === 'departed') {
        this.#online.departed(output.name);
      }
      // A link that has gone in the meantime has no use for what was meant for it.
      else {
        this.#connections.get(output.conn)?.deliver(output, this.#online);
      }
    }
  }

  /** What it has counted. */
  reading(): Omit<GatewayReading, 'delay'> {
    let openRequests = 0;
    let queuedBytes = 0;
    for (const connection of this.#connections.values()) {
      openRequests += connection.open;
      queuedBytes += connection.queuedBytes;
    }
    const handshakes = { ...this.#handshakes };
    const opening = this.#listener?.opening ?? 0;
    return { links: this.#connections.size, opening, handshakes, openRequests, queuedBytes };
  }

  /** Accepts nothing more, answers what was taken, and closes all links. Resolves when the last is gone. */
  async stop(): Promise<void> {
    this.#listener?.close();
    clearInterval(this.#sweep);
    const empty = new Promise<void>((resolve) => {
      this.#stopping = resolve;
    });
    for (const connection of this.#connections.values()) {
      connection.end();
    }
    if (this.#connections.size > 0) {
      await empty;
    }
    this.#flush();
  }

  #accept(link: Link): void {
    try {
      decodeAgent(link.remotePayload);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) {
        throw cause;
      }
      link.destroy(new LinkError('bad_message', { cause }));
      this.#unopened(link.remoteHost, 'bad_message');
      return;
    }
    this.#count('ok');
    const { counts, gateway } = this.#settings;
    const conn = nextConn(counts);
    const key = new Uint8Array(link.remoteKey);
    const host = link.remoteHost;
    this.#forward({ type: 'opened', conn, gateway, key, host, network: sourceNetwork(host) });
    const connection = new Connection(conn, link, (input) => this.#forward(input));
    this.#connections.set(conn, connection);
    link.on('close', (error) => this.#closed(conn, error));
    if (this.#stopping !== undefined) {
      connection.end();
    }
  }

  #unopened(host: string, reason: LinkErrorCode): void {
    this.#count(reason);
    if (this.#settings.events) {
      this.#forward({ type: 'unopened', host, reason });
    }
  }

  /** However many connections it is about, once a minute. */
  #warn(what: keyof typeof WARNINGS, detail = ''): void {
    const now = performance.now();
    if (now - (this.#warned[what] ?? Number.NEGATIVE_INFINITY) < WARNING_PAUSE_MS) {
      return;
    }
    this.#warned[what] = now;
    this.#settings.warn(WARNINGS[what] + detail);
  }

  #count(outcome: HandshakeOutcome): void {
    this.#handshakes[outcome] = (this.#handshakes[outcome] ?? 0) + 1;
    if (outcome !== 'ok') {
      this.#ended++;
    }
  }

  #closed(conn: number, error: LinkError | undefined): void {
    this.#connections.delete(conn);
    this.#ended++;
    this.#forward({ type: 'closed', conn, reason: error?.code ?? 'closed' });
    if (this.#connections.size === 0) {
      this.#stopping?.();
    }
  }

  /** At the end of a turn of the event loop all that came in during it goes to the hub at once. */
  #forward(input: HubInput): void {
    if (input.type === 'request') {
      handshakeSteps.expectAnswer();
    }
    if (this.#inputs.push(input) === 1) {
      setImmediate(() => this.#flush());
    }
  }

  #flush(): void {
    if (this.#inputs.length === 0) {
      return;
    }
    const inputs = this.#inputs;
    this.#inputs = [];
    this.#settings.post(inputs);
  }

  #sweepAll(): void {
    const now = performance.now();
    for (const connection of this.#connections.values()) {
      connection.sweep(now);
    }
    this.#collect();
  }

  /** After a flood: V8 collects garbage when more is allocated, which in a thread at rest may be never. */
  #collect(): void {
    if (this.#ended - this.#endedBefore < QUIET_CONNECTIONS) {
      if (this.#ended >= COLLECT_AFTER_CONNECTIONS) {
        void collectGarbage();
      }
      this.#ended = 0;
    }
    this.#endedBefore = this.#ended;
  }
}
