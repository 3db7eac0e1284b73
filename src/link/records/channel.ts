import type { CipherState, Transport } from '../../noise/index.ts';
import { LinkError } from '../errors.ts';
import { FRAME_HEADER, type FrameReader, writeLength } from '../frame.ts';
import {
  FULL_BODY,
  IDLE_LIMIT_MS,
  MAX_FRAME,
  MAX_MESSAGE,
  MAX_PONGS,
  MAX_RECORD,
  MIN_SEALED_FRAME,
  PING_AFTER_MS,
  RECORD_HEADER,
  REKEY_INTERVAL,
  TAG_LENGTH,
} from '../limits.ts';
import { OutputBuffer } from './output-buffer.ts';
import { frameRecord, type Kind, paddedLength, readRecord } from './record.ts';

const NO_DATA = new Uint8Array(0);

/**
 * Records are opened into this memory, and each is read before the next is opened: one for all channels of a
 * thread.
 */
const OPENED = new Uint8Array(MAX_RECORD);

/** Takes frames for the wire, and gives `memory`, in which they stand, back when they are no longer read. */
export type FrameWriter = (frames: Uint8Array, memory: OutputBuffer) => void;

/** What a channel tells its owner while it reads. */
export type Received = { readonly type: 'data'; readonly body: Uint8Array } | { readonly type: 'close' };

/**
 * A link after its handshake: messages to records to bytes, and back. No socket, no clock: time is handed in.
 *
 * Messages queued by `send` leave with the next `flush`, as many to a record as fit, up to 16 KiB.
 * Failure is terminal: whatever throws a LinkError has dropped the keys.
 */
export class Channel {
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  #pongs = 0;
  #pingDue = false;
  #closing = false;
  #closeSent = false;
  #closeReceived = false;
  #heardAt: number;
  #pingedAt: number;

  /** `now`: milliseconds of any steady clock, the same for every call. */
  constructor(transport: Transport, now: number) {
    this.#sender = new Sender(transport.send);
    this.#receiver = new Receiver(transport.receive);
    this.#heardAt = now;
    this.#pingedAt = now;
  }

  /** Bytes that wait for the next flush. */
  get queued(): number {
    return this.#sender.queued;
  }

  /** True when a flush would write something. */
  get dirty(): boolean {
    return this.#sender.queued > 0 || this.#pongs > 0 || this.#pingDue || (this.#closing && !this.#closeSent);
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
   * Copies one whole message of 1 to {@link MAX_MESSAGE} bytes into the record that leaves with the next
   * flush. After `close` it is dropped.
   * @throws RangeError for a message of another size
   */
  send(message: Uint8Array): void {
    if (message.length === 0 || message.length > MAX_MESSAGE) {
      throw new RangeError(`message: ${message.length} bytes, from 1 to ${MAX_MESSAGE}`);
    }
    if (this.#closing) {
      return;
    }
    this.#sender.append(message);
  }

  /** Queues CLOSE behind everything queued so far. */
  close(): void {
    this.#closing = true;
  }

  /**
   * Seals everything queued into frames and hands them to `write` in one piece, with the memory in which they
   * stand, which `write` has to give back. `pongs` false: answers to PING wait for a later flush.
   */
  flush(write: FrameWriter, { pongs = true } = {}): void {
    if (!this.dirty || this.#closeSent) {
      return;
    }
    for (let most = MAX_PONGS; pongs && most > 0 && this.#pongs > 0; most--, this.#pongs--) {
      this.#sender.seal('pong');
    }
    if (this.#pingDue && !this.#closing) {
      this.#sender.seal('ping');
    }
    this.#pingDue = false;
    if (this.#closing) {
      this.#sender.seal('close');
      this.#closeSent = true;
      this.#pongs = 0;
    }
    this.#sender.flush(write);
  }

  /**
   * The next thing received, or undefined when the reader holds no whole record. PING and PONG are dealt with
   * here. A body is valid until the next record is opened, by whichever channel of this thread.
   * @throws LinkError `bad_frame`, `decrypt_failed`, `bad_record`
   */
  receive(reader: FrameReader, now: number): Received | undefined {
    for (;;) {
      const frame = this.#nextFrame(reader);
      if (frame === undefined) {
        return undefined;
      }
      // A side that has said CLOSE sends nothing more.
      if (this.#closeReceived) {
        throw this.#fail(new LinkError('bad_record'));
      }
      this.#heardAt = now;
      const record = this.#open(frame);
      switch (record.kind) {
        case 'data':
          return { type: 'data', body: record.body };
        case 'close':
          this.#closeReceived = true;
          return { type: 'close' };
        case 'ping':
          if (!this.#closing) {
            this.#pongs++;
          }
          break;
        case 'pong':
          break;
      }
    }
  }

  /**
   * To be called now and then: queues a PING when nothing was heard for {@link PING_AFTER_MS}.
   * @throws LinkError `idle_timeout` when nothing was heard for {@link IDLE_LIMIT_MS}
   */
  tick(now: number): void {
    if (now - this.#heardAt >= IDLE_LIMIT_MS) {
      throw this.#fail(new LinkError('idle_timeout'));
    }
    const quietSince = Math.max(this.#heardAt, this.#pingedAt);
    if (now - quietSince >= PING_AFTER_MS) {
      this.#pingDue = true;
      this.#pingedAt = now;
    }
  }

  /** Records received so far. */
  get received(): number {
    return this.#receiver.records;
  }

  /** When `tick` has something to do, if nothing is heard before. */
  get tickDue(): number {
    const quietSince = Math.max(this.#heardAt, this.#pingedAt);
    return Math.min(this.#heardAt + IDLE_LIMIT_MS, quietSince + PING_AFTER_MS);
  }

  /** Forgets the keys. Nothing can be sent or received any more. */
  drop(): void {
    this.#sender.drop();
    this.#receiver.drop();
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

/** One direction of a channel: its cipher, and its count of records. */
class Direction {
  protected readonly cipher: CipherState;
  #records = 0;

  constructor(cipher: CipherState) {
    this.cipher = cipher;
  }

  /** Records sealed or opened so far. */
  get records(): number {
    return this.#records;
  }

  drop(): void {
    this.cipher.drop();
  }

  /** Noise 11.3: both ends rekey at the same agreed records, 1023, 2047, …; the nonce goes on. */
  protected count(): void {
    this.#records++;
    if (this.#records % REKEY_INTERVAL === 0) {
      this.cipher.rekey();
    }
  }
}

/** The direction that we receive. */
class Receiver extends Direction {
  /** Opens a frame into {@link OPENED}. @throws NoiseError when it does not authenticate */
  open(frame: Uint8Array): Uint8Array {
    const record = OPENED.subarray(0, frame.length - TAG_LENGTH);
    this.cipher.openInto(NO_DATA, frame, record);
    this.count();
    return record;
  }
}

/** The direction that we send: records are put together and sealed in place, one behind the other. */
class Sender extends Direction {
  /** Borrowed from the first message of a turn to the flush at its end. */
  #output: OutputBuffer | undefined;
  /** Bytes of messages in the record that is open at the end of the output; no record is open at 0. */
  #body = 0;

  /** Bytes that wait for the flush. */
  get queued(): number {
    return this.#output?.length ?? 0;
  }

  /** Puts a message into the open record, or into the next one when that is full. */
  append(message: Uint8Array): void {
    if (this.#body > 0 && this.#body + message.length > FULL_BODY) {
      this.#sealOpen('data');
    }
    this.#output ??= OutputBuffer.borrow();
    if (this.#body === 0) {
      this.#output.reserve(FRAME_HEADER + RECORD_HEADER);
    }
    this.#output.append(message);
    this.#body += message.length;
  }

  /** Seals a record without a body behind what is open. */
  seal(kind: Exclude<Kind, 'data'>): void {
    if (this.#body > 0) {
      this.#sealOpen('data');
    }
    this.#output ??= OutputBuffer.borrow();
    this.#output.reserve(FRAME_HEADER + RECORD_HEADER);
    this.#sealOpen(kind);
  }

  /** Hands on everything: see {@link Channel.flush}. */
  flush(write: FrameWriter): void {
    if (this.#body > 0) {
      this.#sealOpen('data');
    }
    const output = this.#output;
    if (output === undefined) {
      return;
    }
    this.#output = undefined;
    write(output.view(0), output);
  }

  override drop(): void {
    super.drop();
    this.#output = undefined;
    this.#body = 0;
  }

  /** Writes header, padding and frame length around the body at the end of the output, and seals it there. */
  #sealOpen(kind: Kind): void {
    const output = this.#output as OutputBuffer;
    const body = this.#body;
    const length = paddedLength(body);
    const at = output.length - (FRAME_HEADER + RECORD_HEADER + body);
    output.reserve(length - RECORD_HEADER - body + TAG_LENGTH);
    const frame = output.view(at);
    writeLength(frame, 0, length + TAG_LENGTH);
    const sealed = frame.subarray(FRAME_HEADER);
    frameRecord(sealed, kind, body);
    this.cipher.sealInto(NO_DATA, sealed.subarray(0, length), sealed);
    this.#body = 0;
    this.count();
  }
}
