import { EventEmitter } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Admission } from './admission/admission.ts';
import { PendingConnections } from './admission/pending.ts';
import { sourceNetwork } from './admission/source.ts';
import { now } from './clock.ts';
import { LinkError } from './errors.ts';
import { Handshake, type HandshakeResult } from './handshake/handshake.ts';
import { ResponderOpening, type ResponderOptions } from './handshake/opening.ts';
import {
  BACKLOG,
  FIRST_BYTE_TIMEOUT_MS,
  HANDSHAKE_TIMEOUT_MS,
  PORT_CLAIM_PAUSE_MS,
  PORT_CLAIM_TIMEOUT_MS,
} from './limits.ts';
import type { Link } from './link.ts';
import { remoteOf } from './remote.ts';

/** Where and how to listen. */
export interface ListenOptions extends ResponderOptions {
  /** The address to listen on. Default: all of the machine. */
  readonly host?: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Several threads share the port, and the system spreads connections over them, where it can. */
  readonly reusePort?: boolean;
  /** From a connection to its first byte, in ms. */
  readonly firstByteMs?: number;
  /** From a connection to the end of its handshake, in ms. */
  readonly timeoutMs?: number;
  /** How many connections are taken. Handshakes under way are bounded when absent, links are not. */
  readonly admission?: Admission;
  /** Asked for each good prelude that was admitted: false answers `busy`. */
  readonly admit?: (remoteHost: string) => boolean;
}

/** What a {@link Listener} emits. */
export interface ListenerEvents {
  /** A finished handshake. */
  link: [link: Link];
  /** A connection that did not become a link, and why. */
  failed: [error: LinkError, remoteHost: string];
  /**
   * A connection that was reset because there are too many: before a byte of it was read, or while it had
   * sent nothing whole.
   */
  dropped: [remoteHost: string];
  /**
   * The system could not hand over a connection: as a rule there are no file descriptors left. The listener
   * goes on.
   */
  strained: [error: Error];
}

/** A listening socket whose connections become links. */
export class Listener extends EventEmitter<ListenerEvents> {
  /** The address that it listens on; `::` for all of the machine. */
  readonly host: string;
  /** The port that it listens on, also where 0 was asked for. */
  readonly port: number;
  readonly #server: Server;
  readonly #handshakes = new Set<Handshake>();
  /** The connections that are the first to be ended when there are too many, each as what ends it. */
  readonly #pending = new PendingConnections<() => void>();

  /** Made by {@link listen}. @internal */
  constructor(server: Server, options: ListenOptions) {
    super();
    const address = server.address() as AddressInfo;
    this.host = address.address;
    this.port = address.port;
    this.#server = server;
    const admission = options.admission ?? new Admission();
    server.on('connection', (socket) => this.#accept(socket, admission, options));
    server.on('error', (error) => this.emit('strained', error));
  }

  /** Connections whose handshake is not finished. */
  get opening(): number {
    return this.#handshakes.size;
  }

  /**
   * Accepts nothing more and gives up unfinished handshakes; finished links live on.
   *
   * @example
   * ```ts
   * import { once } from 'node:events';
   *
   * link.send(new TextEncoder().encode('hello'));
   * await once(link, 'message');
   * listener.close();
   * console.log(link.closed); // false
   * ```
   */
  close(): void {
    this.#server.close();
    for (const handshake of this.#handshakes) {
      handshake.fail(new LinkError('aborted'));
    }
  }

  #accept(socket: Socket, admission: Admission, options: ListenOptions): void {
    const remote = remoteOf(socket);
    const { host } = remote;
    const counted = admission.enter(host, (source) => this.#dropOldest(source));
    if (counted === undefined) {
      socket.on('error', () => {});
      socket.resetAndDestroy();
      this.emit('dropped', host);
      return;
    }
    let dropped = false;
    const drop = () => {
      dropped = true;
      counted.closed();
      handshake.fail(new LinkError('aborted'));
    };
    socket.on('close', () => counted.closed());
    const admit = () => counted.countLink() && (options.admit?.(host) ?? true);
    const done = (result: HandshakeResult) => {
      this.#handshakes.delete(handshake);
      this.#pending.delete(drop);
      if ('link' in result) {
        counted.opened();
        this.emit('link', result.link);
      } else if (dropped) {
        this.emit('dropped', host);
      } else {
        this.emit('failed', result.error, host);
      }
    };
    const { timeoutMs = HANDSHAKE_TIMEOUT_MS, firstByteMs = FIRST_BYTE_TIMEOUT_MS } = options;
    const handshake = new Handshake(socket, () => remote, new ResponderOpening(options, admit), done, {
      timeoutMs,
      firstByteMs: Math.min(firstByteMs, timeoutMs),
      begun: () => this.#pending.delete(drop),
    });
    this.#handshakes.add(handshake);
    this.#pending.add(drop, sourceNetwork(host));
  }

  /**
   * An honest initiator sends message 1 at once: who has not for longest makes room. False where there is
   * none.
   */
  #dropOldest(source: string | undefined): boolean {
    const drop = this.#pending.oldest(source);
    drop?.();
    return drop !== undefined;
  }
}

/**
 * Listens for links, of which it is the responder.
 * @throws the system's error, such as EADDRINUSE
 * @example
 * ```ts
 * import { generateKeyPair, listen } from 'farthing/link';
 *
 * const listener = await listen({ host: '127.0.0.1', port: 0, staticKeys: generateKeyPair() });
 * listener.on('link', (link) => link.on('message', (body) => link.send(body)));
 * console.log(listener.host); // 127.0.0.1
 * listener.close();
 * ```
 */
export function listen(options: ListenOptions): Promise<Listener> {
  const server = createServer({ noDelay: true, allowHalfOpen: true });
  const { host, port, reusePort = false } = options;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, reusePort, backlog: BACKLOG, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve(new Listener(server, options));
    });
  });
}

/** A port on which nobody else listens before it is released. */
export interface PortClaim {
  /** Gives it back. */
  release(): void;
}

/**
 * Waits until nobody else on this machine is about to listen on the port, and keeps others waiting until
 * `release`. Two processes of one user whose listeners have `reusePort` would share a port unnoticed: whoever
 * holds the claim can look whether somebody listens already, and then listen, without another doing so in
 * between. It ends with the process.
 * @throws the system's error: EADDRINUSE when somebody else holds it for longer than
 *   `PORT_CLAIM_TIMEOUT_MS`
 *
 * It is an abstract socket of Linux, which as a port belongs to the network namespace. No other system that
 * Farthing runs on lets several listeners share a port, so that there the port itself is claim enough.
 * @example
 * ```ts
 * import { claimPort } from 'farthing/link';
 *
 * const claim = await claimPort(7000);
 * try {
 *   // Whoever claims the port as well waits until this is done.
 * } finally {
 *   claim.release();
 * }
 * ```
 */
export async function claimPort(port: number): Promise<PortClaim> {
  if (process.platform !== 'linux') {
    return { release() {} };
  }
  const deadline = now() + PORT_CLAIM_TIMEOUT_MS;
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen({ path: `\0farthing-port-${port}` }, () => resolve(undefined));
    });
    if (error === undefined) {
      return { release: () => void server.close() };
    }
    if (error.code !== 'EADDRINUSE' || now() >= deadline) {
      throw error;
    }
    await pause(PORT_CLAIM_PAUSE_MS);
  }
}
