import { type Backend, chooseBackend, HandshakeState, type KeyPair, type Transport } from '../noise/index.ts';
import { LinkError } from './errors.ts';
import { encodeFrame, type FrameReader } from './frame.ts';
import { MAX_HANDSHAKE_FRAME, MAX_PAYLOAD } from './limits.ts';
import {
  encodePrelude,
  encodeRefusal,
  PRELUDE_LENGTH,
  type Purpose,
  type Refusal,
  readPrelude,
  refusalCode,
  SUITES,
  type Suite,
} from './prelude.ts';

const EMPTY = new Uint8Array(0);

/** What both ends of a link bring to its handshake. */
export interface OpeningOptions {
  readonly purpose: Purpose;
  /** Our long-term X25519 key pair (32 bytes each): who we are on this link. */
  readonly staticKeys: KeyPair;
  /** Sent to the other side in the handshake, encrypted. At most {@link MAX_PAYLOAD} bytes. */
  readonly payload: Uint8Array;
  /** The crypto implementation; chosen by the runtime when absent. */
  readonly backend?: Backend;
}

/** What the initiator decides. */
export interface InitiatorOptions extends OpeningOptions {
  /** `XXhfs` when absent. There is no negotiation and no fallback. */
  readonly suite?: Suite;
  /** The static key (32 bytes) that the responder must prove; any when absent. */
  readonly expectedRemoteKey?: Uint8Array;
}

/** What the responder decides. */
export interface ResponderOptions extends OpeningOptions {
  /** Both when absent. */
  readonly suites?: readonly Suite[];
}

/** A finished handshake: all that a channel needs. */
export interface Opened {
  readonly initiator: boolean;
  readonly suite: Suite;
  readonly transport: Transport;
  /** What the other side sent as its payload. */
  readonly remotePayload: Uint8Array;
}

/** Where an opening stands after it has read what there was to read. */
export type Progress =
  | { readonly state: 'waiting' }
  | { readonly state: 'refused'; readonly error: LinkError }
  | { readonly state: 'opened'; readonly opened: Opened };

const WAITING: Progress = { state: 'waiting' };

/**
 * A link before its keys are agreed: prelude and handshake, bytes to bytes.
 *
 *     initiator                                  responder
 *       prelude, -> e [, e1]
 *                                    <- e, ee [, ekem1], s, es  + payload
 *       -> s, se  + payload
 *
 * `advance` returns `opened` once; this object is then of no further use.
 * It throws LinkError for anything that the other side did wrong; the stream must then be closed.
 */
export interface Opening {
  /** Reads what the reader holds; hands what must be sent to `write`. */
  advance(reader: FrameReader, write: (bytes: Uint8Array) => void): Progress;
}

/** The initiator's opening. Its first `advance` writes the prelude and message 1 before anything has come. */
export class InitiatorOpening implements Opening {
  readonly #options: InitiatorOptions;
  readonly #suite: Suite;
  readonly #handshake: HandshakeState;
  #started = false;

  constructor(options: InitiatorOptions) {
    assertPayload(options.payload);
    this.#options = options;
    this.#suite = options.suite ?? 'XXhfs';
    const prelude = encodePrelude(this.#suite, options.purpose);
    this.#handshake = newHandshake(options, this.#suite, prelude, true);
  }

  advance(reader: FrameReader, write: (bytes: Uint8Array) => void): Progress {
    if (!this.#started) {
      this.#started = true;
      write(encodePrelude(this.#suite, this.#options.purpose));
      write(encodeFrame(writeMessage(this.#handshake, EMPTY)));
    }
    if (reader.length() === 0) return this.#refusal(reader);
    const message = reader.body(1, MAX_HANDSHAKE_FRAME);
    if (message === undefined) return WAITING;
    const remotePayload = readMessage(this.#handshake, message);
    this.#requireKey(this.#handshake.remoteStaticKey);
    write(encodeFrame(writeMessage(this.#handshake, this.#options.payload)));
    const transport = this.#handshake.finish();
    return { state: 'opened', opened: { initiator: true, suite: this.#suite, transport, remotePayload } };
  }

  #refusal(reader: FrameReader): Progress {
    const reason = reader.take(1);
    if (reason === undefined) return WAITING;
    throw new LinkError(refusalCode(reason[0] ?? 0));
  }

  /** Before message 3: one who is not whom we want does not learn who we are. */
  #requireKey(remoteKey: Uint8Array | undefined): void {
    const { expectedRemoteKey } = this.#options;
    if (remoteKey === undefined) throw new LinkError('handshake_failed');
    if (expectedRemoteKey !== undefined && !Buffer.from(remoteKey).equals(expectedRemoteKey)) {
      throw new LinkError('wrong_key', { remoteKey });
    }
  }
}

/** The responder's opening. No cryptography is done before a whole prelude and a whole message 1 have come. */
export class ResponderOpening implements Opening {
  readonly #options: ResponderOptions;
  readonly #admit: () => boolean;
  #suite: Suite | undefined;
  #handshake: HandshakeState | undefined;
  #answered = false;

  /** `admit` is asked once, when a good prelude has come: false refuses it as `busy`. */
  constructor(options: ResponderOptions, admit: () => boolean = () => true) {
    assertPayload(options.payload);
    this.#options = options;
    this.#admit = admit;
  }

  advance(reader: FrameReader, write: (bytes: Uint8Array) => void): Progress {
    if (this.#handshake === undefined) {
      const refused = this.#readPrelude(reader, write);
      if (refused !== undefined) return refused;
    }
    const handshake = this.#handshake;
    const suite = this.#suite;
    if (handshake === undefined || suite === undefined) return WAITING;
    if (!this.#answered) {
      const { messageOne } = SUITES[suite];
      const message = reader.body(messageOne, messageOne);
      if (message === undefined) return WAITING;
      readMessage(handshake, message);
      write(encodeFrame(writeMessage(handshake, this.#options.payload)));
      this.#answered = true;
    }
    const message = reader.body(1, MAX_HANDSHAKE_FRAME);
    if (message === undefined) return WAITING;
    const remotePayload = readMessage(handshake, message);
    const transport = handshake.finish();
    return { state: 'opened', opened: { initiator: false, suite, transport, remotePayload } };
  }

  #readPrelude(reader: FrameReader, write: (bytes: Uint8Array) => void): Progress | undefined {
    const prelude = reader.take(PRELUDE_LENGTH);
    if (prelude === undefined) return undefined;
    const suites = this.#options.suites ?? (Object.keys(SUITES) as Suite[]);
    const read = readPrelude(prelude, { suites, purpose: this.#options.purpose });
    if (read === undefined) throw new LinkError('bad_prelude');
    if ('refusal' in read) return refuse(read.refusal, write);
    if (!this.#admit()) return refuse('busy', write);
    this.#suite = read.suite;
    this.#handshake = newHandshake(this.#options, read.suite, prelude, false);
    return undefined;
  }
}

function refuse(refusal: Refusal, write: (bytes: Uint8Array) => void): Progress {
  const answer = encodeRefusal(refusal);
  write(answer);
  return { state: 'refused', error: new LinkError(refusalCode(answer[2] ?? 0)) };
}

function newHandshake(
  options: OpeningOptions,
  suite: Suite,
  prologue: Uint8Array,
  initiator: boolean,
): HandshakeState {
  const { staticKeys, backend = chooseBackend() } = options;
  return new HandshakeState({ protocol: SUITES[suite].protocol, initiator, prologue, staticKeys, backend });
}

function readMessage(handshake: HandshakeState, message: Uint8Array): Uint8Array {
  try {
    return handshake.readMessage(message);
  } catch (cause) {
    throw new LinkError('handshake_failed', { cause });
  }
}

/** Writing fails too when the other side's key is one that no honest side has (a low-order point). */
function writeMessage(handshake: HandshakeState, payload: Uint8Array): Uint8Array {
  try {
    return handshake.writeMessage(payload);
  } catch (cause) {
    throw new LinkError('handshake_failed', { cause });
  }
}

function assertPayload(payload: Uint8Array): void {
  if (payload.length > MAX_PAYLOAD)
    throw new RangeError(`payload: ${payload.length} bytes, at most ${MAX_PAYLOAD}`);
}
