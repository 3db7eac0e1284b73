/** Why a server could not start, or had to stop. Stable: programs may branch on it. */
export type ServerErrorCode =
  | 'port_in_use'
  | 'port_forbidden' // the system does not let this user listen there
  | 'bad_address' // no such host or address on this machine
  | 'bad_option'
  | 'bad_data_dir' // cannot be made, read or written
  | 'bad_key_file' // not a key, or others may read it
  | 'data_missing' // there are no books, or no such backup
  | 'account_unknown'
  | 'data_locked' // another process has it open
  | 'data_changed' // it came into use while it was read
  | 'data_older' // written by an older farthing, and only to be read
  | 'data_newer' // written by a newer farthing
  | 'data_foreign' // not a ledger
  | 'data_other_currency' // the books are kept in another currency than the one asked for
  | 'data_damaged'
  | 'file_exists' // where a file was to be made
  | 'data_full' // no space is left
  | 'data_io'
  | 'no_control' // the control socket cannot be had; the server does without
  | 'no_answer' // the server went away before it answered: what was asked was done, or was not
  | 'not_running' // no server uses the data folder
  | 'not_answering' // one does, and does not say what it was asked; nothing was to be done
  | 'stopped' // asked of a server that has stopped
  | 'crashed'; // a thread ended on an error of its own

/**
 * A server could not start, or had to stop. The message is a sentence for its operator; it never contains a
 * secret.
 */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  /** Why: what a program branches on. */
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
