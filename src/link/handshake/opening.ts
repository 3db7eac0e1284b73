import {
  type Backend,
  chooseBackend,
  HandshakeState,
  type KeyPair,
  type Transport,
} from '../../noise/index.ts';
import { LinkError } from '../errors.ts';
import { encodeFrame, type FrameReader } from '../frame.ts';
import { MAX_HANDSHAKE_FRAME, MAX_PAYLOAD } from '../limits.ts';
import {
  DEFAULT_PURPOSE,
  encodePrelude,
  encodeRefusal,
  PRELUDE_LENGTH,
  type PreludeRefusal,
  type Purpose,
  readPrelude,
  refusalCode,
  SUITES,
  type Suite,
} from './prelude.ts';

const EMPTY = new Uint8Array(0);

/** What both ends of a link bring to its handshake. */
export interface OpeningOptions {
  /** Our long-term X25519 key pair (32 bytes each): who we are on this link. */
  readonly staticKeys: KeyPair;
  /** What the link is for: both sides must mean the same. `peer` when absent. */
  readonly purpose?: Purpose;
  /**
   * Sent to the other side in the handshake, encrypted; there it is the link's `remotePayload`. At most
   * {@link MAX_PAYLOAD} bytes, none when absent.
   */
  readonly payload?: Uint8Array;
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

/** What both sides have agreed on: all that a link needs. */
export interface FinishedHandshake {
  readonly initiator: boolean;
  readonly suite: Suite;
  readonly purpose: Purpose;
  readonly transport: Transport;
  /** What the other side sent as its payload. */
  readonly remotePayload: Uint8Array;
}

/** Where an opening stands after it has read what there was to read. */
export type OpeningProgress =
  | { readonly state: 'waiting' }
  /** A whole message is there, and the cryptography that it needs was not allowed yet. */
  | { readonly state: 'due' }
  | { readonly state: 'refused'; readonly error: LinkError }
  | { readonly state: 'finished'; readonly handshake: FinishedHandshake };

const WAITING: OpeningProgress = { state: 'waiting' };
const DUE: OpeningProgress = { state: 'due' };

/**
 * A link before its keys are agreed: prelude and handshake, bytes to bytes.
 *
 *     initiator                                  responder
 *       prelude, -> e [, e1]
 *                                    <- e, ee [, ekem1], s, es  + payload
 *       -> s, se  + payload
 *
 * `advance` returns `finished` once; this object is then of no further use. Failure is terminal: after a
 * LinkError or a refusal the keys are gone, and every later `advance` throws.
 */
export abstract class Opening {
  protected handshake: HandshakeState | undefined;
  protected readonly purpose: Purpose;
  protected readonly payload: Uint8Array;
  #over = false;

  /** @throws RangeError for a payload that is too long */
  constructor({ purpose = DEFAULT_PURPOSE, payload = EMPTY }: OpeningOptions) {
    if (payload.length > MAX_PAYLOAD) {
      throw new RangeError(`payload: ${payload.length} bytes, at most ${MAX_PAYLOAD}`);
    }
    this.purpose = purpose;
    this.payload = payload;
  }

  /**
   * Reads what the reader holds; hands what must be sent to `write`. A responder asks `mayStep` before it
   * does cryptography: after false it is `due`, and goes on with the next call.
   * @throws LinkError for anything that the other side did wrong: `bad_prelude`, `bad_frame`, `refused_…`,
   *   `handshake_failed`, `wrong_key`; the stream must then be closed
   */
  advance(
    reader: FrameReader,
    write: (bytes: Uint8Array) => void,
    mayStep: () => boolean = () => true,
  ): OpeningProgress {
    if (this.#over) {
      throw new LinkError('handshake_failed');
    }
    try {
      const progress = this.step(reader, write, mayStep);
      if (progress.state === 'finished' || progress.state === 'refused') {
        this.drop();
      }
      return progress;
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** Gives up: forgets the keys. */
  drop(): void {
    this.#over = true;
    this.handshake?.drop();
  }

  protected abstract step(
    reader: FrameReader,
    write: (bytes: Uint8Array) => void,
    mayStep: () => boolean,
  ): OpeningProgress;
}

/** The initiator's opening. Its first `advance` writes the prelude and message 1 before anything has come. */
export class InitiatorOpening extends Opening {
  protected override readonly handshake: HandshakeState;
  readonly #suite: Suite;
  readonly #expectedRemoteKey: Uint8Array | undefined;
  #started = false;

  constructor(options: InitiatorOptions) {
    super(options);
    this.#suite = options.suite ?? 'XXhfs';
    this.#expectedRemoteKey = options.expectedRemoteKey;
    this.handshake = newHandshake(options, this.#suite, encodePrelude(this.#suite, this.purpose), true);
  }

  protected override step(reader: FrameReader, write: (bytes: Uint8Array) => void): OpeningProgress {
    const { handshake, purpose } = this;
    const suite = this.#suite;
    if (!this.#started) {
      this.#started = true;
      write(encodePrelude(suite, purpose));
      write(encodeFrame(writeMessage(handshake, EMPTY)));
    }
    if (reader.length() === 0) {
      return this.#refusal(reader);
    }
    const message = reader.body(1, MAX_HANDSHAKE_FRAME);
    if (message === undefined) {
      return WAITING;
    }
    const remotePayload = readMessage(handshake, message);
    this.#requireKey(handshake.remoteStaticKey);
    write(encodeFrame(writeMessage(handshake, this.payload)));
    const transport = handshake.finish();
    return { state: 'finished', handshake: { initiator: true, suite, purpose, transport, remotePayload } };
  }

  #refusal(reader: FrameReader): OpeningProgress {
    const reason = reader.take(1);
    if (reason === undefined) {
      return WAITING;
    }
    throw new LinkError(refusalCode(reason[0] ?? 0));
  }

  /** Before message 3: a responder with another key than the one expected does not learn who we are. */
  #requireKey(remoteKey: Uint8Array | undefined): void {
    if (remoteKey === undefined) {
      throw new LinkError('handshake_failed');
    }
    const expected = this.#expectedRemoteKey;
    if (expected !== undefined && !Buffer.from(remoteKey).equals(expected)) {
      throw new LinkError('wrong_key', { remoteKey });
    }
  }
}

/**
 * The responder's opening. No cryptography is done before a whole prelude and a whole message 1 have come.
 */
export class ResponderOpening extends Opening {
  readonly #options: ResponderOptions;
  readonly #admit: () => boolean;
  #suite: Suite | undefined;
  /** A whole handshake message that waits for its cryptography. */
  #message: Uint8Array | undefined;

  /** `admit` is asked once, when a good prelude has come: false refuses it as `busy`. */
  constructor(options: ResponderOptions, admit: () => boolean = () => true) {
    super(options);
    this.#options = options;
    this.#admit = admit;
  }

  protected override step(
    reader: FrameReader,
    write: (bytes: Uint8Array) => void,
    mayStep: () => boolean,
  ): OpeningProgress {
    const refused = this.#suite === undefined ? this.#readPrelude(reader, write) : undefined;
    if (refused !== undefined) {
      return refused;
    }
    const suite = this.#suite;
    if (suite === undefined) {
      return WAITING;
    }
    if (this.handshake === undefined) {
      const { messageOne } = SUITES[suite];
      this.#message ??= reader.body(messageOne, messageOne);
      if (this.#message === undefined) {
        return WAITING;
      }
      if (!mayStep()) {
        return DUE;
      }
      this.handshake = newHandshake(this.#options, suite, encodePrelude(suite, this.purpose), false);
      readMessage(this.handshake, this.#takeMessage());
      write(encodeFrame(writeMessage(this.handshake, this.payload)));
    }
    this.#message ??= reader.body(1, MAX_HANDSHAKE_FRAME);
    if (this.#message === undefined) {
      return WAITING;
    }
    if (!mayStep()) {
      return DUE;
    }
    const remotePayload = readMessage(this.handshake, this.#takeMessage());
    const transport = this.handshake.finish();
    const { purpose } = this;
    return { state: 'finished', handshake: { initiator: false, suite, purpose, transport, remotePayload } };
  }

  #takeMessage(): Uint8Array {
    const message = this.#message as Uint8Array;
    this.#message = undefined;
    return message;
  }

  #readPrelude(reader: FrameReader, write: (bytes: Uint8Array) => void): OpeningProgress | undefined {
    const prelude = reader.take(PRELUDE_LENGTH);
    if (prelude === undefined) {
      return undefined;
    }
    const suites = this.#options.suites ?? (Object.keys(SUITES) as Suite[]);
    const read = readPrelude(prelude, { suites, purpose: this.purpose });
    if (read === undefined) {
      throw new LinkError('bad_prelude');
    }
    if ('refusal' in read) {
      return refuse(read.refusal, write);
    }
    if (!this.#admit()) {
      return refuse('busy', write);
    }
    this.#suite = read.suite;
    return undefined;
  }
}

function refuse(refusal: PreludeRefusal, write: (bytes: Uint8Array) => void): OpeningProgress {
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
