import type { Duplex } from 'node:stream';
import { now, type Ticking, unwatch, watch } from '../clock.ts';
import { LinkError } from '../errors.ts';
import { FrameReader } from '../frame.ts';
import { HANDSHAKE_TIMEOUT_MS, LINGER_MS } from '../limits.ts';
import { Link } from '../link.ts';
import type { Remote } from '../remote.ts';
import type { Opening } from './opening.ts';
import { type QueuedHandshake, steps } from './steps.ts';

/** The events of a stream over which no handshake can be finished any more. */
const BROKEN = ['end', 'close', 'error'] as const;

/** May a handshake do a step at once? */
const takeStep = (): boolean => steps.take();

/** What comes of a handshake. */
export type HandshakeResult = { readonly link: Link } | { readonly error: LinkError };

/** How a {@link Handshake} is to be done. */
interface HandshakeSettings {
  /** For everything, in ms. */
  readonly timeoutMs?: number | undefined;
  /** For the other side's first byte, in ms. Default: as `timeoutMs`. */
  readonly firstByteMs?: number | undefined;
  /**
   * Called, perhaps more than once, when the other side's message 1 has come whole, or its prelude was
   * refused.
   */
  readonly begun?: () => void;
  /**
   * False: the stream is still connecting, and {@link Handshake.start} is called when it is connected.
   * Default: true.
   */
  readonly connected?: boolean;
}

/** Drives an opening over a stream until it is a link, or is given up. */
export class Handshake implements Ticking, QueuedHandshake {
  readonly #stream: Duplex;
  readonly #remote: () => Remote;
  readonly #opening: Opening;
  readonly #deadline: number;
  /** For the other side's first byte. */
  readonly #firstDeadline: number;
  #hasFirstByte = false;
  readonly #reader = new FrameReader();
  readonly #done: (result: HandshakeResult) => void;
  readonly #begun: () => void;
  #connected: boolean;
  #over = false;

  /** `remote`: asked once, for the link. `done`: called once, with the link or why there is none. */
  constructor(
    stream: Duplex,
    remote: () => Remote,
    opening: Opening,
    done: (result: HandshakeResult) => void,
    {
      timeoutMs = HANDSHAKE_TIMEOUT_MS,
      firstByteMs = timeoutMs,
      begun = () => {},
      connected = true,
    }: HandshakeSettings = {},
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
    for (const event of BROKEN) {
      stream.on(event, this.#broken);
    }
    watch(this, this.#firstDeadline);
  }

  /** The stream is connected: an initiator writes its first message. */
  start(): void {
    this.#connected = true;
    this.#advance(() => true);
  }

  /** Gives up when a deadline has passed. @returns when to be called again */
  tick(time: number): number {
    const deadline = this.#hasFirstByte ? this.#deadline : this.#firstDeadline;
    if (time < deadline) {
      return deadline;
    }
    this.fail(new LinkError(this.#connected ? 'handshake_timeout' : 'unreachable'));
    return Number.POSITIVE_INFINITY;
  }

  /** Does the cryptography that had to wait in the queue, and reads on. */
  step(): void {
    this.#stream.resume();
    this.#advance(() => true);
  }

  /** Gives up: closes the stream and drops the keys. */
  fail(error: LinkError): void {
    if (this.#over) {
      return;
    }
    this.#release();
    this.#opening.drop();
    // A stream that breaks after this must not raise an error that nobody listens for.
    this.#stream.on('error', () => {});
    this.#stream.destroy();
    this.#done({ error });
  }

  readonly #read = (chunk: Uint8Array): void => {
    this.#hasFirstByte = true;
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
      if (flight !== undefined || progress.state !== 'waiting') {
        this.#begun();
      }
      if (progress.state === 'finished') {
        this.#release();
        this.#done({
          link: new Link(this.#stream, this.#reader, progress.handshake, this.#remote(), flight),
        });
        return;
      }
      if (flight !== undefined) {
        this.#stream.write(flight);
      }
      if (progress.state === 'refused') {
        this.#refuse(progress.error);
      }
      if (progress.state !== 'due') {
        return;
      }
      this.#stream.pause();
      steps.wait(this);
    } catch (error) {
      if (!(error instanceof LinkError)) {
        throw error;
      }
      this.fail(error);
    }
  }

  /**
   * Ends our half of the stream behind the refusal, and reads on for {@link LINGER_MS}: a socket that is
   * closed with bytes unread sends a reset, which could reach the other side before the refusal.
   */
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
    for (const event of BROKEN) {
      this.#stream.off(event, this.#broken);
    }
  }
}
