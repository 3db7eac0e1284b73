import type { CipherState, Transport } from '../noise/index.ts';
import { LinkError } from './errors.ts';
import { FRAME_HEADER, type FrameReader, writeLength } from './frame.ts';
import {
  IDLE_LIMIT_MS,
  MAX_FRAME,
  MAX_MESSAGE,
  MAX_RECORD,
  MIN_SEALED_FRAME,
  PING_AFTER_MS,
  RECORD_HEADER,
  REKEY_INTERVAL,
  TAG_LENGTH,
} from './limits.ts';
import { frameRecord, type Kind, paddedLength, readRecord } from './record.ts';

const NO_DATA = new Uint8Array(0);

/** A record is opened into this memory and is read there before the next: one for all channels of a thread. */
const OPENED = new Uint8Array(MAX_RECORD);

/** A record is written here before it is sealed: one for all channels of a thread. */
const PLAIN = new Uint8Array(MAX_RECORD);

/** What a channel tells its owner while it reads. */
export type Received = { readonly type: 'data'; readonly body: Uint8Array } | { readonly type: 'close' };

/**
 * A link after its handshake: messages to records to bytes, and back. No socket, no clock: time is handed in.
 *
 * Messages queued by `send` leave with the next `flush`, as many to a record as fit.
 * Whatever throws a LinkError has dropped the keys: the channel is over.
 */
export class Channel {
  readonly #sender: Direction;
  readonly #receiver: Direction;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #pongs = 0;
  #pingDue = false;
  #closing = false;
  #closeSent = false;
  #closeReceived = false;
  #heardAt: number;
  #pingedAt: number;

  /** `now`: milliseconds of any steady clock, the same for every call. */
  constructor(transport: Transport, now: number) {
    this.#sender = new Direction(transport.send);
    this.#receiver = new Direction(transport.receive);
    this.#heardAt = now;
    this.#pingedAt = now;
  }

  /** Bytes of messages that wait for the next flush. */
  get queued(): number {
    return this.#queued;
  }

  /** True when a flush would write something. */
  get dirty(): boolean {
    return this.#queue.length > 0 || this.#pongs > 0 || this.#pingDue || (this.#closing && !this.#closeSent);
  }

  /** True once both sides have said CLOSE. */
  get finished(): boolean {
    return this.#closeSent && this.#closeReceived;
  }

  /** True once the other side has said CLOSE: the end of its stream is then no truncation. */
  get closeReceived(): boolean {
    return this.#closeReceived;
  }

  /** True once we have been asked to close: nothing more is sent. */
  get closing(): boolean {
    return this.#closing;
  }

  /**
   * Queues one whole message of 1 to {@link MAX_MESSAGE} bytes; it must stay unchanged until the flush.
   * After `close` it is dropped. Throws RangeError for a message that no record can hold.
   */
  send(message: Uint8Array): void {
    if (message.length === 0 || message.length > MAX_MESSAGE) {
      throw new RangeError(`message: ${message.length} bytes, from 1 to ${MAX_MESSAGE}`);
    }
    if (this.#closing) return;
    this.#queue.push(message);
    this.#queued += message.length;
  }

  /** Queues CLOSE behind everything queued so far. */
  close(): void {
    this.#closing = true;
  }

  /** Seals everything queued into frames, ready for the wire. `pongs` false: answers to PING wait for a later flush. */
  flush({ pongs = true }: { readonly pongs?: boolean } = {}): Uint8Array {
    if (!this.dirty || this.#closeSent) return NO_DATA;
    const frames: Uint8Array[] = [];
    for (let at = 0; at < this.#queue.length; ) {
      const { body, next } = this.#gather(at);
      frames.push(this.#sender.seal('data', body));
      at = next;
    }
    this.#queue = [];
    this.#queued = 0;
    for (; pongs && this.#pongs > 0; this.#pongs--) frames.push(this.#sender.seal('pong', 0));
    if (this.#pingDue && !this.#closing) frames.push(this.#sender.seal('ping', 0));
    this.#pingDue = false;
    if (this.#closing) {
      frames.push(this.#sender.seal('close', 0));
      this.#closeSent = true;
      this.#pongs = 0;
    }
    return frames.length === 1 ? (frames[0] ?? NO_DATA) : Buffer.concat(frames);
  }

  /**
   * The next thing received, or undefined when the reader holds no whole record. PING and PONG are dealt with here.
   * A body is valid until the next record is opened, by whichever channel of this thread.
   */
  receive(reader: FrameReader, now: number): Received | undefined {
    for (;;) {
      const frame = this.#nextFrame(reader);
      if (frame === undefined) return undefined;
      // A side that has said CLOSE sends nothing more.
      if (this.#closeReceived) throw this.#fail(new LinkError('bad_record'));
      this.#heardAt = now;
      const record = this.#open(frame);
      switch (record.kind) {
        case 'data':
          return { type: 'data', body: record.body };
        case 'close':
          this.#closeReceived = true;
          return { type: 'close' };
        case 'ping':
          if (!this.#closing) this.#pongs++;
          break;
        case 'pong':
          break;
      }
    }
  }

  /** To be called now and then: asks a silent side for a sign of life; throws LinkError `idle_timeout` when none came. */
  tick(now: number): void {
    if (now - this.#heardAt >= IDLE_LIMIT_MS) throw this.#fail(new LinkError('idle_timeout'));
    const quietSince = Math.max(this.#heardAt, this.#pingedAt);
    if (now - quietSince >= PING_AFTER_MS) {
      this.#pingDue = true;
      this.#pingedAt = now;
    }
  }

  /** Forgets the keys. Nothing can be sent or received any more. */
  drop(): void {
    this.#sender.drop();
    this.#receiver.drop();
    this.#queue = [];
    this.#queued = 0;
  }

  /** Copies as many whole messages from `at` on as one record holds to where the record's body stands. */
  #gather(at: number): { body: number; next: number } {
    let body = 0;
    let next = at;
    for (; next < this.#queue.length; next++) {
      const message = this.#queue[next];
      if (message === undefined || body + message.length > MAX_MESSAGE) break;
      PLAIN.set(message, RECORD_HEADER + body);
      body += message.length;
    }
    return { body, next };
  }

  #nextFrame(reader: FrameReader): Uint8Array | undefined {
    try {
      return reader.body(MIN_SEALED_FRAME, MAX_FRAME);
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  #open(frame: Uint8Array): { kind: Kind; body: Uint8Array } {
    try {
      return readRecord(this.#receiver.open(frame));
    } catch (cause) {
      throw this.#fail(cause instanceof LinkError ? cause : new LinkError('decrypt_failed', { cause }));
    }
  }

  #fail(error: LinkError): LinkError {
    this.drop();
    return error;
  }
}

/** One direction of a channel: its cipher, and how many records it has carried. */
class Direction {
  readonly #cipher: CipherState;
  #records = 0;

  constructor(cipher: CipherState) {
    this.#cipher = cipher;
  }

  /** Seals the record whose body stands in {@link PLAIN} and puts the frame's length in front. */
  seal(kind: Kind, body: number): Uint8Array {
    const frame = new Uint8Array(FRAME_HEADER + paddedLength(body) + TAG_LENGTH);
    const record = PLAIN.subarray(0, frameRecord(PLAIN, kind, body));
    writeLength(frame, 0, record.length + TAG_LENGTH);
    this.#cipher.sealInto(NO_DATA, record, frame.subarray(FRAME_HEADER));
    this.#count();
    return frame;
  }

  /** Opens a frame into {@link OPENED}. Throws NoiseError when it does not authenticate. */
  open(frame: Uint8Array): Uint8Array {
    const record = OPENED.subarray(0, frame.length - TAG_LENGTH);
    this.#cipher.openInto(NO_DATA, frame, record);
    this.#count();
    return record;
  }

  drop(): void {
    this.#cipher.drop();
  }

  /** Noise 11.3: both ends rekey at the same agreed records, 1023, 2047, …; the nonce goes on. */
  #count(): void {
    this.#records++;
    if (this.#records % REKEY_INTERVAL === 0) this.#cipher.rekey();
  }
}
