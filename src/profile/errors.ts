/** What is wrong with a file or folder of the wallet. Stable: programs may branch on it. */
export type WalletFileErrorCode =
  /** Its contents are not what this program writes. */
  | 'damaged'
  /** Others than its owner may read a secret in it. */
  | 'exposed'
  /** It is there already, and is never overwritten. */
  | 'exists'
  /** It cannot be read or written: the system's error is the `cause`. */
  | 'io'
  /** Not a name that a profile may have. */
  | 'bad_name';

const FILE_ERRORS = {
  damaged: 'is damaged',
  exposed: 'may be read by others: run chmod 600 on it, and consider its key known to them',
  exists: 'exists already',
  io: 'cannot be read or written',
  bad_name: 'is not a name for a profile (1 to 64 of A-Z a-z 0-9 _ . -, beginning with a letter or digit)',
} as const;

/** A file or folder of the wallet cannot be used. It was left as it is. */
export class WalletFileError extends Error {
  override readonly name = 'WalletFileError';
  readonly code: WalletFileErrorCode;
  /** Which file or folder; with `bad_name` the name. */
  readonly path: string;

  constructor(code: WalletFileErrorCode, path: string, options?: ErrorOptions) {
    super(`${path} ${FILE_ERRORS[code]}`, options);
    this.code = code;
    this.path = path;
  }
}
