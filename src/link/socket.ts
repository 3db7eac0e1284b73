import { EventEmitter } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Admission } from './admission.ts';
import { now, type Ticking, unwatch, watch } from './clock.ts';
import { LinkError } from './errors.ts';
import { FrameReader } from './frame.ts';
import {
  BACKLOG,
  FIRST_BYTE_TIMEOUT_MS,
  HANDSHAKE_TIMEOUT_MS,
  LINGER_MS,
  PORT_CLAIM_PAUSE_MS,
  PORT_CLAIM_TIMEOUT_MS,
} from './limits.ts';
import { Link } from './link.ts';
import {
  InitiatorOpening,
  type InitiatorOptions,
  type Opening,
  ResponderOpening,
  type ResponderOptions,
} from './opening.ts';
import { Silent } from './silent.ts';
import { plainHost, sourceNetwork } from './source.ts';
import { type Stepping, steps } from './steps.ts';

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
  /** From a connection to its first byte, in ms. */
  readonly firstByteMs?: number;
  /** From a connection to the end of its handshake, in ms. */
  readonly timeoutMs?: number;
  /** How many connections are taken. Handshakes under way are bounded when absent, links are not. */
  readonly admission?: Admission;
  /** Asked for each good prelude that was admitted: false answers `busy`. */
  readonly admit?: (remoteHost: string) => boolean;
}

/** What a socket says when it is of no more use. */
const BROKEN = ['end', 'close', 'error'] as const;

/** Whether a handshake may do a step at once. */
const takeStep = (): boolean => steps.take();

/** What comes of a handshake. */
type Outcome = { readonly link: Link } | { readonly error: LinkError };

interface HandshakeOptions {
  readonly timeoutMs?: number | undefined;
  readonly firstByteMs?: number | undefined;
  readonly begun?: () => void;
}

/** Drives an opening over a socket until it is a link, or is given up. */
class Handshake implements Ticking, Stepping {
  readonly #socket: Socket;
  readonly #opening: Opening;
  readonly #deadline: number;
  /** For the other side's first byte. */
  readonly #firstDeadline: number;
  #heard = false;
  readonly #reader = new FrameReader();
  readonly #done: (outcome: Outcome) => void;
  /** Called when the other side has said something whole: message 1, or what is refused. */
  readonly #begun: () => void;
  #connected: boolean;
  #over = false;

  constructor(
    socket: Socket,
    opening: Opening,
    done: (outcome: Outcome) => void,
    { timeoutMs = HANDSHAKE_TIMEOUT_MS, firstByteMs = timeoutMs, begun = () => {} }: HandshakeOptions = {},
  ) {
    this.#socket = socket;
    this.#opening = opening;
    this.#connected = !socket.connecting;
    const time = now();
    this.#deadline = time + timeoutMs;
    this.#firstDeadline = time + firstByteMs;
    this.#done = done;
    this.#begun = begun;
    socket.on('data', this.#read);
    for (const event of BROKEN) socket.on(event, this.#broken);
    watch(this, this.#firstDeadline);
  }

  /** Lets the initiator speak first. */
  start(): void {
    this.#connected = true;
    this.#advance(() => true);
  }

  tick(time: number): number {
    const deadline = this.#heard ? this.#deadline : this.#firstDeadline;
    if (time < deadline) return deadline;
    this.fail(new LinkError(this.#connected ? 'handshake_timeout' : 'unreachable'));
    return Number.POSITIVE_INFINITY;
  }

  /** Reads on, with what had to wait. */
  step(): void {
    this.#socket.resume();
    this.#advance(() => true);
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
    this.#heard = true;
    this.#reader.push(chunk);
    this.#advance(takeStep);
  };

  readonly #broken = (cause?: unknown): void => {
    const code = this.#connected ? 'truncated' : 'unreachable';
    this.fail(new LinkError(code, cause instanceof Error ? { cause } : {}));
  };

  #advance(mayStep: () => boolean): void {
    const written: Uint8Array[] = [];
    try {
      const progress = this.#opening.advance(this.#reader, (bytes) => written.push(bytes), mayStep);
      const flight = written.length > 1 ? Buffer.concat(written) : written[0];
      if (flight !== undefined || progress.state !== 'waiting') this.#begun();
      if (progress.state === 'opened') {
        this.#release();
        const remote = { host: remoteHost(this.#socket), port: this.#socket.remotePort ?? 0 };
        this.#done({ link: new Link(this.#socket, this.#reader, progress.opened, remote, flight) });
        return;
      }
      if (flight !== undefined) this.#socket.write(flight);
      if (progress.state === 'refused') this.#refuse(progress.error);
      if (progress.state !== 'due') return;
      this.#socket.pause();
      steps.wait(this);
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
    steps.leave(this);
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
    const handshake = new Handshake(socket, opening, done, { timeoutMs: options.timeoutMs });
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
  /** A connection that was cut for there are too many: before a byte of it was read, or because it said nothing. */
  dropped: [remoteHost: string];
  /** The system could not hand over a connection: there are no file descriptors left, as a rule. It goes on. */
  strained: [error: Error];
}

/** A listening socket whose connections become links. */
export class Listener extends EventEmitter<ListenerEvents> {
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #handshakes = new Set<Handshake>();
  /** Those that have not said anything whole yet, with what ends them. */
  readonly #silent = new Silent<() => void>();

  /** Made by {@link listen}. */
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

  /** Accepts nothing more and gives up unfinished handshakes; finished links live on. */
  close(): void {
    this.#server.close();
    for (const handshake of this.#handshakes) handshake.fail(new LinkError('aborted'));
  }

  #accept(socket: Socket, admission: Admission, options: ListenOptions): void {
    const host = remoteHost(socket);
    const visit = admission.enter(host, (source) => this.#dropSilent(source));
    if (visit === undefined) {
      socket.on('error', () => {});
      socket.resetAndDestroy();
      this.emit('dropped', host);
      return;
    }
    let dropped = false;
    const drop = () => {
      dropped = true;
      visit.left();
      handshake.fail(new LinkError('aborted'));
    };
    socket.on('close', () => visit.left());
    const admit = () => visit.admit() && (options.admit?.(host) ?? true);
    const done = (outcome: Outcome) => {
      this.#handshakes.delete(handshake);
      this.#silent.delete(drop);
      if ('link' in outcome) {
        visit.opened();
        this.emit('link', outcome.link);
      } else if (dropped) this.emit('dropped', host);
      else this.emit('failed', outcome.error, host);
    };
    const { timeoutMs = HANDSHAKE_TIMEOUT_MS, firstByteMs = FIRST_BYTE_TIMEOUT_MS } = options;
    const handshake = new Handshake(socket, new ResponderOpening(options, admit), done, {
      timeoutMs,
      firstByteMs: Math.min(firstByteMs, timeoutMs),
      begun: () => this.#silent.delete(drop),
    });
    this.#handshakes.add(handshake);
    this.#silent.add(drop, sourceNetwork(host));
  }

  /** Who has been silent for longest makes room for somebody new: whoever wants something says so at once. */
  #dropSilent(source: string | undefined): boolean {
    const drop = this.#silent.oldest(source);
    drop?.();
    return drop !== undefined;
  }
}

/** Listens for links, of which it is the responder. Rejects with the system's error, such as EADDRINUSE. */
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

/** A port that nobody else may take before it is given back. */
export interface PortClaim {
  release(): void;
}

/**
 * Waits until nobody else on this machine is about to listen on the port, and keeps others waiting until `release`. Between
 * two processes of one user listeners with `reusePort` would share a port unseen: whoever holds the claim can see whether
 * somebody listens already, and listen, without another doing the same in between. It dies with the process.
 * Rejects with EADDRINUSE when somebody holds it for too long.
 *
 * It is an abstract socket of Linux, which as a port belongs to the network namespace. No other system that Farthing runs
 * on lets several listeners share a port, so that there the port itself is claim enough.
 */
export async function claimPort(port: number): Promise<PortClaim> {
  if (process.platform !== 'linux') return { release() {} };
  const deadline = now() + PORT_CLAIM_TIMEOUT_MS;
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen({ path: `\0farthing-port-${port}` }, () => resolve(undefined));
    });
    if (error === undefined) return { release: () => void server.close() };
    if (error.code !== 'EADDRINUSE' || now() >= deadline) throw error;
    await pause(PORT_CLAIM_PAUSE_MS);
  }
}

function remoteHost(socket: Socket): string {
  return plainHost(socket.remoteAddress ?? '');
}
