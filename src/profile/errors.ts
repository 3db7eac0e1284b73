/** What is wrong with a file or folder of the profile. Stable: programs may branch on it. */
export type ProfileErrorCode =
  /** Its contents are not what this program writes. */
  | 'damaged'
  /** Others than its owner may read a secret in it. */
  | 'exposed'
  /** It is there already, and is never overwritten. */
  | 'exists'
  /** It cannot be read or written: the system's error is the `cause`. */
  | 'io'
  /** Not a name that a profile may have. */
  | 'bad_name'
  /** There is no folder to keep anything in: neither XDG_CONFIG_HOME nor HOME names one. */
  | 'no_home';

const MESSAGES = {
  damaged: 'is damaged',
  exposed: 'may be read by others: run chmod 600 on it, and consider its key known to them',
  exists: 'exists already',
  io: 'cannot be read or written',
  bad_name: 'is not a name for a profile (1 to 64 of A-Z a-z 0-9 _ . -, beginning with a letter or digit)',
  no_home: 'cannot be found: set HOME, or XDG_CONFIG_HOME',
} as const;

/**
 * A file or folder in which a person's key, profile or known servers are kept cannot be used. It was left as
 * it is.
 */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly code: ProfileErrorCode;
  /** Which file or folder; with `bad_name` the name. */
  readonly path: string;

  constructor(code: ProfileErrorCode, path: string, options?: ErrorOptions) {
    super(`${path} ${MESSAGES[code]}`, options);
    this.code = code;
    this.path = path;
  }
}
