/**
 * What the server or a peer answers when it cannot do what was asked: one row each, `code` and `text` as on
 * the wire.
 */
export const ERRORS = {
  NAME_TAKEN: { code: 210, text: '210 FAIL' },
  AUTH_FAIL: { code: 220, text: '220 AUTH_FAIL' },
  WRONG_STATE: { code: 230, text: 'please type the right option number!' },
  PAYEE_UNKNOWN: { code: 310, text: 'FAIL: Payee does not exist' },
  PAYEE_OFFLINE: { code: 311, text: 'FAIL: Payee is not online' },
  INSUFFICIENT_FUNDS: { code: 312, text: 'FAIL: Your account balance is not enough' },
  BAD_AMOUNT: { code: 313, text: 'FAIL: The amount must be more than zero' },
  ID_REUSED: { code: 314, text: 'FAIL: This id belongs to another order' },
  PAYEE_SELF: { code: 315, text: 'FAIL: You cannot pay yourself' },
  BAD_REQUEST: { code: 400, text: 'FAIL: The request is malformed' },
  TOO_MANY: { code: 429, text: 'FAIL: Too many requests, try again later' },
  INTERNAL: { code: 500, text: 'FAIL: Internal error' },
} as const satisfies Record<string, { code: number; text: string }>;

/** The stable name of an error, as in the `name` of an error map. */
export type ErrorName = keyof typeof ERRORS;

/** The error half of a response. A remote may send codes and names that {@link ERRORS} does not have. */
export interface ErrorMap {
  readonly code: number;
  /** Stable, for programs. */
  readonly name: string;
  /** For people; a remote's is never written raw to a terminal. */
  readonly text: string;
}

/** The error map of a row of {@link ERRORS}, with its own text unless another is given. */
export function errorMap(name: ErrorName, text: string = ERRORS[name].text): ErrorMap {
  return { code: ERRORS[name].code, name, text };
}

/**
 * What a remote's bytes may break: a stable code for programs, and what it means. The gate has all down to
 * `too_deep`.
 */
const BREACHES = {
  truncated: 'a length or count claims more than there is',
  not_shortest: 'an integer, length or count is not in its shortest form',
  out_of_range: 'an integer is beyond 2^53-1',
  float: 'a float',
  ext: 'an ext type',
  reserved: 'the reserved byte c1',
  bad_utf8: 'a str is not UTF-8',
  bad_key: 'a map key is not a str',
  duplicate_key: 'a map key is there twice',
  too_many_keys: 'a map has too many keys',
  too_deep: 'containers are nested too deep',
  too_long: 'more bytes than a record carries',
  bad_message: 'neither a request, a response nor a notification',
  bad_params: 'a notification lacks what its method promises',
  bad_result: 'a result lacks what its method promises',
  wrong_answer: 'a result answers something else than what was asked',
  bad_agent: 'a handshake payload without a proper agent',
} as const;

/** The stable code of a {@link ProtocolError}. */
export type ProtocolErrorCode = keyof typeof BREACHES;

/**
 * A remote broke the protocol; the link that it came by must end. The message is made of fixed words and
 * never repeats what the remote sent.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  /** `where` may name the message and key at fault, in words of ours. */
  constructor(code: ProtocolErrorCode, where?: string) {
    super(where === undefined ? BREACHES[code] : `${BREACHES[code]} (${where})`);
    this.code = code;
  }
}
