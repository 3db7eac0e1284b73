import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { now, type Ticking, unwatch, watch } from './clock.ts';
import { LinkError } from './errors.ts';
import type { FrameReader } from './frame.ts';
import type { FinishedHandshake } from './handshake/opening.ts';
import type { Purpose, Suite } from './handshake/prelude.ts';
import {
  CLOSE_TIMEOUT_MS,
  FLUSH_AT,
  FRAME_TIMEOUT_MS,
  HIGH_WATER,
  MAX_QUEUED,
  MEMORY_WORTH_WAITING,
  PING_AFTER_MS,
} from './limits.ts';
import { Channel, type Received } from './records/channel.ts';
import type { OutputBuffer } from './records/output-buffer.ts';
import type { Remote } from './remote.ts';

/** What a {@link Link} emits. */
export interface LinkEvents {
  /**
   * The body of a record: one or more whole messages, back to back. Valid only during the call.
   * Nothing is read before somebody listens.
   */
  message: [body: Uint8Array];
  /**
   * The other side has said CLOSE and sends nothing more. We may still answer, then `close`; done at once if
   * nobody listens.
   */
  end: [];
  /** The link is over, once and for all; without an error when both sides had said CLOSE. */
  close: [error: LinkError | undefined];
  /** After `send` has returned false: less than `HIGH_WATER` is queued again. */
  drain: [];
}

/**
 * Links with something to send. They leave together at the end of the turn: one record, one write for each
 * link.
 */
let flushing: Link[] = [];

function flushAll(): void {
  const links = flushing;
  flushing = [];
  for (const link of links) {
    link.flush();
  }
}

/** An authenticated, encrypted link over a TCP socket, from the end of its handshake on. */
export class Link extends EventEmitter<LinkEvents> implements Ticking {
  /** Whether this end has dialled. */
  readonly initiator: boolean;
  /** Which ciphers protect it. */
  readonly suite: Suite;
  /** What both ends have said that it is for. */
  readonly purpose: Purpose;
  /** The static key (32 bytes) that the other side has proved to hold. */
  readonly remoteKey: Uint8Array;
  /** The payload that the other side sent in the handshake, at most `MAX_PAYLOAD` bytes. */
  readonly remotePayload: Uint8Array;
  /** 32 bytes, the same on both ends and on no other link (Noise 11.2: channel binding). */
  readonly handshakeHash: Uint8Array;
  /** The other side's address; one of IPv4 is written as such, also where the socket is one of IPv6. */
  readonly remoteHost: string;
  /** The other side's port: of an initiator one that its system has chosen. */
  readonly remotePort: number;

  readonly #socket: Duplex;
  readonly #reader: FrameReader;
  readonly #channel: Channel;
  /** Message 3 of the handshake, which leaves together with the first request. */
  #unsent: Uint8Array | undefined;
  #paused = true;
  #flushQueued = false;
  /** Bytes that were written before the end of this turn. */
  #early = 0;
  #drainDue = false;
  #closeDeadline = Number.POSITIVE_INFINITY;
  /** When the frame that has not all come began; infinity between frames, and while we do not read. */
  #frameBegan = Number.POSITIVE_INFINITY;
  #error: LinkError | undefined;
  #over = false;

  /**
   * Takes over a stream whose handshake is done; `reader` may hold bytes that came behind it, and `unsent` is
   * what is still to be written of it.
   *
   * @internal
   */
  constructor(
    socket: Duplex,
    reader: FrameReader,
    handshake: FinishedHandshake,
    remote: Remote,
    unsent?: Uint8Array,
  ) {
    super();
    this.initiator = handshake.initiator;
    this.suite = handshake.suite;
    this.purpose = handshake.purpose;
    this.remoteKey = handshake.transport.remoteStaticKey;
    this.remotePayload = handshake.remotePayload;
    this.handshakeHash = handshake.transport.handshakeHash;
    this.remoteHost = remote.host;
    this.remotePort = remote.port;
    this.#socket = socket;
    this.#reader = reader;
    this.#channel = new Channel(handshake.transport, now());
    this.#unsent = unsent;
    if (unsent !== undefined) {
      this.#flushSoon();
    }
    // A stream that somebody listens to at once need not be stopped and started.
    queueMicrotask(() => {
      if (this.#paused) {
        socket.pause();
      }
    });
    socket.on('data', (chunk: Uint8Array) => this.#read(chunk));
    socket.on('end', () => this.#broken());
    socket.on('error', (cause) => this.#broken(cause));
    socket.on('drain', () => this.#drained());
    socket.on('close', () => this.#finish());
    watch(this, this.#channel.tickDue);
    this.on('newListener', this.#startOnListener);
  }

  /** True once the link is over. */
  get closed(): boolean {
    return this.#over;
  }

  /** Bytes that are sent and have not left for the network. */
  get queuedBytes(): number {
    return this.#channel.queued + this.#socket.writableLength;
  }

  /**
   * Sends one whole message of 1 to `MAX_MESSAGE` bytes, which is copied.
   * The messages of one turn of the event loop leave in one record and one write.
   * Returns false above `HIGH_WATER`: wait for `drain`. Dropped when the link is closing or over.
   * @throws RangeError for a message of another size
   * @example
   * ```ts
   * link.once('message', (body) => console.log(new TextDecoder().decode(body))); // hello
   * link.send(new TextEncoder().encode('hello'));
   * await link.close();
   * ```
   */
  send(message: Uint8Array): boolean {
    if (this.#over || this.#error !== undefined) {
      return false;
    }
    this.#channel.send(message);
    const queued = this.queuedBytes;
    if (queued > MAX_QUEUED) {
      this.destroy(new LinkError('overflow'));
      return false;
    }
    if (this.#channel.queued >= FLUSH_AT) {
      this.#early += this.#channel.queued;
      this.#writeFrames();
    }
    this.#flushSoon();
    // What was written in this turn counts until its end: a sender in a loop must wait, so that other links
    // get their turn.
    if (queued + this.#early > HIGH_WATER) {
      this.#drainDue = true;
    }
    return !this.#drainDue;
  }

  /**
   * Sends what is queued, then CLOSE. Resolves when the link is over, whatever its end was like.
   *
   * @example
   * ```ts
   * await link.close();
   * console.log(link.closed); // true
   * ```
   */
  close(): Promise<void> {
    if (this.#over) {
      return Promise.resolve();
    }
    const closed = new Promise<void>((resolve) => this.once('close', () => resolve()));
    if (!this.#channel.closing) {
      this.#channel.close();
      this.#closeDeadline = now() + CLOSE_TIMEOUT_MS;
      watch(this, this.#closeDeadline);
      this.#flushSoon();
      // The other side's CLOSE has still to be read.
      this.resume();
    }
    return closed;
  }

  /**
   * Ends the link at once, without CLOSE; the keys are dropped.
   *
   * @example
   * ```ts
   * import { once } from 'node:events';
   *
   * link.destroy();
   * const [error] = await once(link, 'close');
   * console.log(error.code); // aborted
   * ```
   */
  destroy(error: LinkError = new LinkError('aborted')): void {
    if (this.#over) {
      return;
    }
    this.#error ??= error;
    this.#channel.drop();
    this.#socket.destroy();
  }

  /**
   * Reads nothing more until `resume`: the other side's sending comes to a stop.
   *
   * @example
   * ```ts
   * link.on('message', () => link.pause()); // what comes next waits, at the other end if need be
   * link.send(new TextEncoder().encode('hello'));
   * ```
   */
  pause(): void {
    this.#paused = true;
    this.#frameBegan = Number.POSITIVE_INFINITY;
    this.#socket.pause();
  }

  /**
   * Reads on, first what had come already; not before the caller returns, who may be reading a message.
   *
   * @example
   * ```ts
   * import { once } from 'node:events';
   *
   * link.on('message', () => link.pause());
   * link.send(new TextEncoder().encode('one'));
   * await once(link, 'message');
   * link.resume();
   * link.send(new TextEncoder().encode('two'));
   * await once(link, 'message');
   * ```
   */
  resume(): void {
    if (!this.#paused || this.#over) {
      return;
    }
    this.#paused = false;
    queueMicrotask(() => {
      this.#pump();
      if (!this.#paused && this.#socket.isPaused()) {
        this.#socket.resume();
      }
    });
  }

  /**
   * Ends the link when the other side is silent for too long, or does not finish a frame or its CLOSE in
   * time.
   *
   * @internal
   */
  tick(time: number): number {
    if (time >= this.#closeDeadline) {
      this.#broken();
      this.#socket.destroy();
      return Number.POSITIVE_INFINITY;
    }
    // What was sent while we do not read is not heard: the other side cannot be called silent.
    if (this.#paused) {
      return Math.min(time + PING_AFTER_MS, this.#closeDeadline);
    }
    const frameDeadline = this.#frameBegan + FRAME_TIMEOUT_MS;
    if (time >= frameDeadline) {
      this.destroy(new LinkError('frame_timeout'));
      return Number.POSITIVE_INFINITY;
    }
    this.#tickChannel(time);
    if (this.#channel.dirty) {
      this.#flushSoon();
    }
    return Math.min(this.#channel.tickDue, frameDeadline, this.#closeDeadline);
  }

  /**
   * Writes everything queued, now. Called by itself at the end of each turn.
   *
   * @example
   * ```ts
   * link.send(new TextEncoder().encode('now'));
   * link.flush();
   * console.log(link.queuedBytes); // 0
   * ```
   */
  flush(): void {
    this.#flushQueued = false;
    this.#early = 0;
    if (this.#over || this.#error !== undefined) {
      return;
    }
    this.#writeFrames();
    if (!this.#socket.writableNeedDrain) {
      this.#drained();
    }
    if (this.#channel.finished) {
      this.#socket.end();
    }
  }

  #writeFrames(): void {
    const unsent = this.#unsent;
    if (unsent !== undefined) {
      this.#unsent = undefined;
      this.#socket.cork();
      this.#socket.write(unsent);
    }
    // A PONG waits while the socket is full: a side that sends PING and does not read must not fill our
    // memory with answers.
    this.#channel.flush(this.#write, { pongs: !this.#socket.writableNeedDrain });
    if (unsent !== undefined) {
      this.#socket.uncork();
    }
  }

  readonly #write = (frames: Uint8Array, memory: OutputBuffer): void => {
    if (frames.length >= MEMORY_WORTH_WAITING) {
      this.#socket.write(frames, (error) => memory.giveBack(error != null));
      return;
    }
    if (this.#socket.writableLength > 0) {
      // It is queued behind other bytes: as a copy of its own length, so that what is held is what is
      // counted.
      this.#socket.write(Uint8Array.from(frames));
      memory.giveBack(false);
      return;
    }
    this.#socket.write(frames);
    // The socket keeps the memory of what the system has not taken at once.
    memory.giveBack(this.#socket.writableLength > 0);
  };

  readonly #startOnListener = (event: string | symbol): void => {
    if (event !== 'message') {
      return;
    }
    this.off('newListener', this.#startOnListener);
    this.resume();
  };

  #flushSoon(): void {
    if (this.#flushQueued) {
      return;
    }
    this.#flushQueued = true;
    if (flushing.push(this) === 1) {
      setImmediate(flushAll);
    }
  }

  #read(chunk: Uint8Array): void {
    this.#reader.push(chunk);
    this.#pump();
  }

  /**
   * Hands on what the reader holds, until it holds no whole record or somebody calls `pause` or `destroy`.
   */
  #pump(): void {
    const time = now();
    const before = this.#channel.received;
    while (!this.#paused && this.#error === undefined) {
      const received = this.#receive(time);
      if (received === undefined) {
        this.#timeFrame(time, before);
        break;
      }
      if (received.type === 'data') {
        this.emit('message', received.body);
      } else if (!this.emit('end')) {
        void this.close();
      }
    }
    if (this.#error === undefined && this.#channel.dirty) {
      this.#flushSoon();
    }
    if (this.#channel.finished) {
      this.#socket.end();
    }
  }

  /**
   * Notes when the frame began that has not all come: when whole frames have come since, it is a later one.
   */
  #timeFrame(time: number, before: number): void {
    if (!this.#reader.midFrame) {
      this.#frameBegan = Number.POSITIVE_INFINITY;
    } else if (this.#channel.received > before || this.#frameBegan > time) {
      this.#frameBegan = time;
    }
  }

  /**
   * The stream has ended or broken: truncation, unless the other side had said that it sends nothing more.
   */
  #broken(cause?: Error): void {
    const harmless = cause === undefined ? this.#channel.closeReceived : this.#channel.finished;
    if (!harmless) {
      this.destroy(new LinkError('truncated', { cause }));
    }
  }

  #drained(): void {
    if (this.#channel.dirty) {
      this.#flushSoon();
    }
    if (!this.#drainDue || this.queuedBytes > HIGH_WATER) {
      return;
    }
    this.#drainDue = false;
    this.emit('drain');
  }

  #finish(): void {
    if (this.#over) {
      return;
    }
    this.#over = true;
    unwatch(this);
    const error = this.#error ?? (this.#channel.finished ? undefined : new LinkError('truncated'));
    this.#channel.drop();
    this.emit('close', error);
  }

  /** What the other side did wrong ends the link. */
  #receive(time: number): Received | undefined {
    try {
      return this.#channel.receive(this.#reader, time);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #tickChannel(time: number): void {
    try {
      this.#channel.tick(time);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof LinkError)) {
      throw error;
    }
    this.destroy(error);
  }
}
