import type { ExitStatus } from '../../shell/exit-status.ts';

/** The key of a server that was never seen before was not accepted. Nothing was told to it. */
export class FirstContactError extends Error {
  override readonly name = 'FirstContactError';
  readonly endpoint: string;
  /** 32 bytes. */
  readonly key: Uint8Array;

  constructor(endpoint: string, key: Uint8Array) {
    super('the key of this server was not accepted');
    this.endpoint = endpoint;
    this.key = key;
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

/**
 * A server that was never seen before does not have the key that was given for it. Nothing was told to it.
 */
export class GivenKeyError extends Error {
  override readonly name = 'GivenKeyError';
  readonly endpoint: string;
  /** 32 bytes. */
  readonly given: Uint8Array;
  /** The key that it has (32 bytes), where it is known. */
  readonly seen: Uint8Array | undefined;

  constructor(endpoint: string, given: Uint8Array, seen: Uint8Array | undefined) {
    super('the server does not have the key given for it');
    this.endpoint = endpoint;
    this.given = given;
    this.seen = seen;
  }
}

/** The server has done what was asked, but the profile could not be written: the `cause` says why. */
export class NotRememberedError extends Error {
  override readonly name = 'NotRememberedError';
  /** The account that the profile was to remember. */
  readonly account: string;
  /** The command that remembers it. */
  readonly remedy: string;

  constructor(account: string, remedy: string, cause: Error) {
    super('the profile could not be written', { cause });
    this.account = account;
    this.remedy = remedy;
  }
}

/** A signal has ended the command while an order was under way: it may have been carried out, or not. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly status: ExitStatus;
  /** The order's id (16 bytes). */
  readonly id: Uint8Array;

  constructor(status: ExitStatus, id: Uint8Array) {
    super('interrupted');
    this.status = status;
    this.id = id;
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

/** The errors of this file. */
export type MemberError =
  | FirstContactError
  | OtherKeyGivenError
  | GivenKeyError
  | NotRememberedError
  | InterruptedError
  | NotAuthenticatedError;
