import type { Duplex } from 'node:stream';
import { now, type Ticking, unwatch, watch } from './clock.ts';
import { LinkError } from './errors.ts';
import { FrameReader } from './frame.ts';
import { HANDSHAKE_TIMEOUT_MS, LINGER_MS } from './limits.ts';
import { Link, type Remote } from './link.ts';
import type { Opening } from './opening.ts';
import { type Stepping, steps } from './steps.ts';

/** What a stream says when it is of no more use. */
const BROKEN = ['end', 'close', 'error'] as const;

/** Whether a handshake may do a step at once. */
const takeStep = (): boolean => steps.take();

/** What comes of a handshake. */
export type Outcome = { readonly link: Link } | { readonly error: LinkError };

/** What a {@link Handshake} may be told. */
interface HandshakeOptions {
  /** ms, for everything. */
  readonly timeoutMs?: number | undefined;
  /** ms, for the other side's first byte. */
  readonly firstByteMs?: number | undefined;
  /** Called when the other side has said something whole: message 1, or what is refused. */
  readonly begun?: () => void;
  /** False: the stream does not stand yet, and {@link Handshake.start} says when it does. Default: it does. */
  readonly connected?: boolean;
}

/** Drives an opening over a stream until it is a link, or is given up. */
export class Handshake implements Ticking, Stepping {
  readonly #stream: Duplex;
  readonly #remote: () => Remote;
  readonly #opening: Opening;
  readonly #deadline: number;
  /** For the other side's first byte. */
  readonly #firstDeadline: number;
  #heard = false;
  readonly #reader = new FrameReader();
  readonly #done: (outcome: Outcome) => void;
  /** Called when the other side has said something whole: message 1, or what is refused. */
  readonly #begun: () => void;
  /** The stream stands: what is written to it is on its way. */
  #connected: boolean;
  #over = false;

  constructor(
    stream: Duplex,
    remote: () => Remote,
    opening: Opening,
    done: (outcome: Outcome) => void,
    {
      timeoutMs = HANDSHAKE_TIMEOUT_MS,
      firstByteMs = timeoutMs,
      begun = () => {},
      connected = true,
    }: HandshakeOptions = {},
  ) {
    this.#stream = stream;
    this.#connected = connected;
    this.#remote = remote;
    this.#opening = opening;
    const time = now();
    this.#deadline = time + timeoutMs;
    this.#firstDeadline = time + firstByteMs;
    this.#done = done;
    this.#begun = begun;
    stream.on('data', this.#read);
    for (const event of BROKEN) stream.on(event, this.#broken);
    watch(this, this.#firstDeadline);
  }

  /** The stream stands: an initiator speaks first. */
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
    this.#stream.resume();
    this.#advance(() => true);
  }

  /** Gives up, at once. */
  fail(error: LinkError): void {
    if (this.#over) return;
    this.#release();
    this.#opening.drop();
    // A stream that breaks after this must not raise an error that nobody listens for.
    this.#stream.on('error', () => {});
    this.#stream.destroy();
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
        this.#done({ link: new Link(this.#stream, this.#reader, progress.opened, this.#remote(), flight) });
        return;
      }
      if (flight !== undefined) this.#stream.write(flight);
      if (progress.state === 'refused') this.#refuse(progress.error);
      if (progress.state !== 'due') return;
      this.#stream.pause();
      steps.wait(this);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.fail(error);
    }
  }

  /** Says why, and reads on for a moment: bytes left unread would turn our answer into a reset. */
  #refuse(error: LinkError): void {
    this.#release();
    const stream = this.#stream;
    const linger = setTimeout(() => stream.destroy(), LINGER_MS);
    stream.on('error', () => {});
    stream.on('close', () => clearTimeout(linger));
    stream.end();
    stream.resume();
    this.#done({ error });
  }

  #release(): void {
    this.#over = true;
    unwatch(this);
    steps.leave(this);
    this.#stream.off('data', this.#read);
    for (const event of BROKEN) this.#stream.off(event, this.#broken);
  }
}
