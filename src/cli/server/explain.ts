/**
 * What each error means for who runs `farthing-server`: the exit status, what happened and why, and what to
 * do next.
 */
import { ServerError, type ServerErrorCode } from '../../operator/errors.ts';
import { UsageError } from '../shell/arguments.ts';
import { EXIT, type ExitStatus } from '../shell/exit-status.ts';
import { type Failure, usageFailure } from '../shell/failure.ts';

const STATUSES: Readonly<Record<ServerErrorCode, ExitStatus>> = {
  bad_option: EXIT.usage,
  not_running: EXIT.noConnection,
  not_answering: EXIT.noConnection,
  no_answer: EXIT.outcomeUnknown,
  port_in_use: EXIT.refused,
  port_forbidden: EXIT.refused,
  bad_address: EXIT.refused,
  bad_data_dir: EXIT.refused,
  bad_key_file: EXIT.refused,
  data_missing: EXIT.refused,
  account_unknown: EXIT.refused,
  data_locked: EXIT.refused,
  data_changed: EXIT.refused,
  data_older: EXIT.refused,
  data_newer: EXIT.refused,
  data_foreign: EXIT.refused,
  data_other_currency: EXIT.refused,
  data_damaged: EXIT.refused,
  file_exists: EXIT.refused,
  data_full: EXIT.refused,
  data_io: EXIT.refused,
  no_control: EXIT.refused,
  stopped: EXIT.refused,
  crashed: EXIT.refused,
};

/** What the error's own sentence does not say already. */
const ADVICE: Readonly<Partial<Record<ServerErrorCode, string>>> = {
  not_running: '"farthing-server" starts one; --data names another folder.',
  not_answering: 'It may be busy, or about to end: try again. If that goes on, look at its log.',
  no_answer: 'What was asked may have been done, or not: "farthing-server accounts" shows.',
};

/** The error as one failure. The server's own are sentences for its operator already. */
export function explain(error: unknown): Failure {
  if (error instanceof UsageError) {
    return usageFailure(error);
  }
  if (error instanceof ServerError) {
    const { code, message } = error;
    const advice = ADVICE[code];
    return {
      status: STATUSES[code],
      code: null,
      name: code.toUpperCase(),
      text: message,
      advice: advice === undefined ? [] : [advice],
    };
  }
  return {
    status: EXIT.fault,
    code: null,
    name: 'FAULT',
    text: `a fault in farthing-server itself: ${error instanceof Error ? error.message : String(error)}`,
    advice: ['Please report it. FARTHING_DEBUG=1 shows where it happened.'],
  };
}
