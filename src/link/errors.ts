/** What ended a link. Stable: programs may branch on it. */
export type LinkErrorCode = keyof typeof MESSAGES;

const MESSAGES = {
  unreachable: 'no connection could be made',
  refused_version: 'the other side does not speak this version of the protocol',
  refused_suite: 'the other side does not accept this cipher suite',
  refused_purpose: 'the other side does not take this kind of link',
  refused_busy: 'the other side is too busy to take another link',
  bad_prelude: 'the other side does not speak this protocol',
  bad_frame: 'the other side sent a frame of a wrong length',
  handshake_failed: 'the handshake failed: a message was damaged, forged, or meant for another link',
  handshake_timeout: 'the handshake was not finished in time',
  wrong_key: 'the other side has another key than the one required',
  decrypt_failed: 'a record was damaged or forged',
  bad_record: 'the other side sent a malformed record',
  bad_message: 'the other side sent a malformed message',
  truncated: 'the connection broke before the other side closed the link',
  idle_timeout: 'nothing was heard from the other side',
  frame_timeout: 'the other side began a frame and did not finish it in time',
  overflow: 'the other side does not read what it is sent',
  aborted: 'the link was given up on this side',
} as const;

/**
 * A link could not be made, or ended otherwise than by a CLOSE from both sides.
 * The text is fixed for each code: nothing that a stranger sent is ever in it.
 */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  /** What ended it: what a program branches on. */
  readonly code: LinkErrorCode;
  /** With `wrong_key`: the static key (32 bytes) that the other side proved to hold. */
  readonly remoteKey: Uint8Array | undefined;

  constructor(code: LinkErrorCode, options: { cause?: unknown; remoteKey?: Uint8Array } = {}) {
    super(MESSAGES[code], 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.remoteKey = options.remoteKey;
  }
}
