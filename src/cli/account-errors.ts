/** The key of a server that was never seen before was not accepted. Nothing was told to it. */
export class FirstContactError extends Error {
  override readonly name = 'FirstContactError';
  readonly endpoint: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly reason: 'nobody to ask' | 'declined';

  constructor(endpoint: string, key: Uint8Array, reason: 'nobody to ask' | 'declined') {
    super('the key of this server was not accepted');
    this.endpoint = endpoint;
    this.key = key;
    this.reason = reason;
  }
}

/** The key that was typed is not the one known for this server. Nobody was contacted. */
export class OtherKeyGivenError extends Error {
  override readonly name = 'OtherKeyGivenError';
  readonly endpoint: string;
  /** 32 bytes. */
  readonly known: Uint8Array;
  /** 32 bytes. */
  readonly given: Uint8Array;

  constructor(endpoint: string, known: Uint8Array, given: Uint8Array) {
    super('the key given is not the one known for this server');
    this.endpoint = endpoint;
    this.known = known;
    this.given = given;
  }
}

/** The profile has no account yet. */
export class NotAuthenticatedError extends Error {
  override readonly name = 'NotAuthenticatedError';
  /** The command that makes one. */
  readonly remedy: string;

  constructor(remedy: string) {
    super('this profile has no account yet');
    this.remedy = remedy;
  }
}
