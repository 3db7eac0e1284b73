import { EventEmitter } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { now, type Ticking, unwatch, watch } from './clock.ts';
import { LinkError } from './errors.ts';
import { FrameReader } from './frame.ts';
import { HANDSHAKE_TIMEOUT_MS, LINGER_MS } from './limits.ts';
import { Link } from './link.ts';
import {
  InitiatorOpening,
  type InitiatorOptions,
  type Opening,
  ResponderOpening,
  type ResponderOptions,
} from './opening.ts';

/** Where and how to connect. */
export interface ConnectOptions extends InitiatorOptions {
  readonly host: string;
  readonly port: number;
  /** Gives the attempt up: LinkError `aborted`. */
  readonly signal?: AbortSignal;
  /** For connection and handshake together, in ms. */
  readonly timeoutMs?: number;
}

/** Where and how to listen. */
export interface ListenOptions extends ResponderOptions {
  /** All addresses of the machine when absent. */
  readonly host?: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Several threads share the port, and the system spreads connections over them, where it can. */
  readonly reusePort?: boolean;
  /** Asked for each good prelude: false answers `busy`. */
  readonly admit?: (remoteHost: string) => boolean;
}

/** What a socket says when it is of no more use. */
const BROKEN = ['end', 'close', 'error'] as const;

/** What comes of a handshake. */
type Outcome = { readonly link: Link } | { readonly error: LinkError };

/** Drives an opening over a socket until it is a link, or is given up. */
class Handshake implements Ticking {
  readonly #socket: Socket;
  readonly #opening: Opening;
  readonly #deadline: number;
  readonly #reader = new FrameReader();
  readonly #done: (outcome: Outcome) => void;
  #connected: boolean;
  #over = false;

  constructor(
    socket: Socket,
    opening: Opening,
    done: (outcome: Outcome) => void,
    timeoutMs = HANDSHAKE_TIMEOUT_MS,
  ) {
    this.#socket = socket;
    this.#opening = opening;
    this.#connected = !socket.connecting;
    this.#deadline = now() + timeoutMs;
    this.#done = done;
    socket.on('data', this.#read);
    for (const event of BROKEN) socket.on(event, this.#broken);
    watch(this);
  }

  /** Lets the initiator speak first. */
  start(): void {
    this.#connected = true;
    this.#advance();
  }

  tick(time: number): void {
    if (time >= this.#deadline)
      this.fail(new LinkError(this.#connected ? 'handshake_timeout' : 'unreachable'));
  }

  /** Gives up, at once. */
  fail(error: LinkError): void {
    if (this.#over) return;
    this.#release();
    this.#opening.drop();
    // A socket that breaks after this must not raise an error that nobody listens for.
    this.#socket.on('error', () => {});
    this.#socket.destroy();
    this.#done({ error });
  }

  readonly #read = (chunk: Uint8Array): void => {
    this.#reader.push(chunk);
    this.#advance();
  };

  readonly #broken = (cause?: unknown): void => {
    const code = this.#connected ? 'truncated' : 'unreachable';
    this.fail(new LinkError(code, cause instanceof Error ? { cause } : {}));
  };

  #advance(): void {
    const written: Uint8Array[] = [];
    try {
      const progress = this.#opening.advance(this.#reader, (bytes) => written.push(bytes));
      const flight = written.length > 1 ? Buffer.concat(written) : written[0];
      if (progress.state === 'opened') {
        this.#release();
        const remote = { host: plainHost(this.#socket), port: this.#socket.remotePort ?? 0 };
        this.#done({ link: new Link(this.#socket, this.#reader, progress.opened, remote, flight) });
        return;
      }
      if (flight !== undefined) this.#socket.write(flight);
      if (progress.state === 'refused') this.#refuse(progress.error);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.fail(error);
    }
  }

  /** Says why, and reads on for a moment: bytes left unread would turn our answer into a reset. */
  #refuse(error: LinkError): void {
    this.#release();
    const socket = this.#socket;
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.on('error', () => {});
    socket.on('close', () => clearTimeout(linger));
    socket.end();
    socket.resume();
    this.#done({ error });
  }

  #release(): void {
    this.#over = true;
    unwatch(this);
    this.#socket.off('data', this.#read);
    for (const event of BROKEN) this.#socket.off(event, this.#broken);
  }
}

/**
 * Connects, does the handshake as its initiator, and resolves to the link.
 * Rejects with LinkError: `unreachable`, `refused_…`, `wrong_key`, `handshake_failed`, `handshake_timeout`,
 * `bad_frame`, `truncated`, `aborted`.
 */
export function connect(options: ConnectOptions): Promise<Link> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) {
      reject(new LinkError('aborted'));
      return;
    }
    const opening = new InitiatorOpening(options);
    const { host, port, signal } = options;
    const socket = connectSocket({ host, port, noDelay: true, allowHalfOpen: true });
    const abort = () => handshake.fail(new LinkError('aborted'));
    const done = (outcome: Outcome) => {
      signal?.removeEventListener('abort', abort);
      if ('link' in outcome) resolve(outcome.link);
      else reject(outcome.error);
    };
    const handshake = new Handshake(socket, opening, done, options.timeoutMs);
    signal?.addEventListener('abort', abort);
    socket.once('connect', () => handshake.start());
  });
}

/** What a {@link Listener} emits. */
export interface ListenerEvents {
  /** A finished handshake. */
  link: [link: Link];
  /** A connection that came to nothing, and why. */
  failed: [error: LinkError, remoteHost: string];
}

/** A listening socket whose connections become links. */
export class Listener extends EventEmitter<ListenerEvents> {
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #handshakes = new Set<Handshake>();

  /** Made by {@link listen}. */
  constructor(server: Server, options: ListenOptions) {
    super();
    const address = server.address() as AddressInfo;
    this.host = address.address;
    this.port = address.port;
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket, options));
    server.on('error', () => {});
  }

  /** Connections whose handshake is not finished. */
  get opening(): number {
    return this.#handshakes.size;
  }

  /** Accepts nothing more and gives up unfinished handshakes; finished links live on. */
  close(): void {
    this.#server.close();
    for (const handshake of this.#handshakes) handshake.fail(new LinkError('aborted'));
  }

  #accept(socket: Socket, options: ListenOptions): void {
    const remoteHost = plainHost(socket);
    const admit = options.admit;
    const opening = new ResponderOpening(options, admit && (() => admit(remoteHost)));
    const handshake = new Handshake(socket, opening, (outcome) => {
      this.#handshakes.delete(handshake);
      if ('link' in outcome) this.emit('link', outcome.link);
      else this.emit('failed', outcome.error, remoteHost);
    });
    this.#handshakes.add(handshake);
  }
}

/** Listens for links, of which it is the responder. Rejects with the system's error, such as EADDRINUSE. */
export function listen(options: ListenOptions): Promise<Listener> {
  const server = createServer({ noDelay: true, allowHalfOpen: true });
  const { host, port, reusePort = false } = options;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, reusePort, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve(new Listener(server, options));
    });
  });
}

/** The other end's address as people write it: `::ffff:192.0.2.1` (RFC 4291 2.5.5.2) is 192.0.2.1. */
function plainHost(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}
