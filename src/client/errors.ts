/** The server refused. The link stays open, and this time nothing was done. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** The number of the error, such as 311. */
  readonly code: number;
  /** The stable name of the error, such as `PAYEE_OFFLINE`: what a program branches on. */
  readonly symbol: string;

  /** `text`, for people, was written by the other side: make it printable before it reaches a terminal. */
  constructor(code: number, symbol: string, text: string) {
    super(text);
    this.code = code;
    this.symbol = symbol;
  }
}

/**
 * The link broke before the answer came, and no later one brought it: what was asked may have been done, or
 * not. Never read it as "failed". An order may be asked again under the same id; it cannot be paid twice.
 */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
  /** With `pay`: the order's id (16 bytes). */
  readonly id: Uint8Array | undefined;
  /**
   * The reason, in words. Those of the server may be among them: make them printable before they reach a
   * terminal.
   */
  readonly why: string;

  constructor(options: { cause?: unknown; id?: Uint8Array | undefined } = {}) {
    const { cause } = options;
    const why = whyUnknown(cause);
    super(`${why}: it is not known whether this was done`, { cause });
    this.id = options.id;
    this.why = why;
  }
}

function whyUnknown(cause: unknown): string {
  if (cause instanceof RefusedError) {
    return `the server said: ${cause.message}`;
  }
  if (cause instanceof BusyError) {
    return cause.message;
  }
  return 'the link broke before the answer came';
}

/** There is no link at the moment, or never will be again: nothing was sent. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';

  constructor(message = 'not connected to the server', options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * The server proved to hold another key than the one required. Nothing was told to it, not even who we are.
 */
export class WrongServerKeyError extends Error {
  override readonly name = 'WrongServerKeyError';
  /** The key required (32 bytes). */
  readonly expected: Uint8Array;
  /** The key that the other side holds (32 bytes), where it is known. */
  readonly seen: Uint8Array | undefined;

  constructor(expected: Uint8Array, seen: Uint8Array | undefined) {
    super('the server has another key than the one known for it');
    this.expected = expected;
    this.seen = seen;
  }
}

/** Why a person cannot be reached over a link of their own. Stable: programs may branch on it. */
export type PeerUnreachableCode =
  /** Not logged in. */
  | 'offline'
  /** Logged in, but takes no peer links. */
  | 'no_peer_links'
  /** No link could be made to the address that the server gave, or the one there holds another key. */
  | 'unreachable'
  /** As many peer links are open as this wallet keeps. */
  | 'too_many';

const UNREACHABLE = {
  offline: 'not online',
  no_peer_links: 'takes no direct links',
  unreachable: 'could not be reached directly',
  too_many: 'too many direct links are open',
} as const;

/** There is no link to somebody whom the server knows, and none could be made. */
export class PeerUnreachableError extends Error {
  override readonly name = 'PeerUnreachableError';
  /** Why: what a program branches on. */
  readonly code: PeerUnreachableCode;
  /** Who it is, lower case. */
  readonly peer: string;

  constructor(code: PeerUnreachableCode, peer: string, options?: ErrorOptions) {
    super(UNREACHABLE[code], options);
    this.code = code;
    this.peer = peer;
  }
}

/**
 * The peer refused: too much at once (`TOO_MANY`), or for another reason. The text that it sent is not kept:
 * nobody is to speak in the words of this program.
 */
export class PeerRefusedError extends Error {
  override readonly name = 'PeerRefusedError';
  /** Whose refusal it is, lower case. */
  readonly peer: string;
  /** The name of the error, as the peer writes it. */
  readonly symbol: string;

  constructor(peer: string, symbol: string, options?: ErrorOptions) {
    super(symbol === 'TOO_MANY' ? 'hears no more at the moment' : 'would not hear it', options);
    this.peer = peer;
    this.symbol = symbol;
  }
}

/** We cannot listen for peers at that port: the system's error, such as EADDRINUSE, is the `cause`. */
export class PeerPortError extends Error {
  override readonly name = 'PeerPortError';
  /** The port that was asked for. */
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(`cannot take direct links at port ${port}`, options);
    this.port = port;
  }
}

/** Too many requests wait for their responses: nothing was sent. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  constructor() {
    super('too many requests wait for their answers');
  }
}

/** What a wallet throws, besides LinkError when it cannot be connected. */
export type WalletError =
  | RefusedError
  | OutcomeUnknownError
  | NotConnectedError
  | WrongServerKeyError
  | PeerUnreachableError
  | PeerRefusedError
  | PeerPortError
  | BusyError;
