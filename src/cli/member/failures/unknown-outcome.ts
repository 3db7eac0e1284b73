/** Failures after which it is not known whether what was asked has been done. */
import { type OutcomeUnknownError, RefusedError } from '../../../client/index.ts';
import { EXIT, type ExitStatus } from '../../shell/exit-status.ts';
import type { Failure } from '../../shell/failure.ts';
import { hex } from '../../text/fingerprint.ts';
import type { InterruptedError } from './errors.ts';
import { told, type Where } from './told.ts';

/** No answer came: of an order, or of something else. */
export function unknownOutcome(error: OutcomeUnknownError, where: Where): Failure {
  if (error.id === undefined) {
    return told(EXIT.outcomeUnknown, 'OUTCOME_UNKNOWN', error.message, [
      'Asking again does no harm: at worst a text is said twice.',
    ]);
  }
  const failure = unknownOrder(EXIT.outcomeUnknown, error.why, error.id, where);
  return { ...failure, isRemote: error.cause instanceof RefusedError };
}

/** A signal ended the command while an order was under way. */
export function interruptedOrder({ status, message, id }: InterruptedError, where: Where): Failure {
  return unknownOrder(status, message, id, where);
}

/** `order`: its id, 16 bytes. It is the same order only by the same account at the same server. */
function unknownOrder(
  status: ExitStatus,
  what: string,
  order: Uint8Array,
  { server, account }: Where,
): Failure {
  const id = hex(order);
  const [options, values] =
    account === undefined
      ? ['--id', `--id ${id}`]
      : ['--as, --server and --id', `--as ${account} --server ${server} --id ${id}`];
  return {
    ...told(status, 'OUTCOME_UNKNOWN', `${what}: the payment may have been made, or not`, [
      `The same order may be sent again safely with the same ${options}, and is paid once: ${values}`,
    ]),
    id,
  };
}

/**
 * No order was asked for when a command failed with one of these: nothing is known of one that may have been
 * asked before.
 */
const BEFORE_ANY_ORDER: ReadonlySet<ExitStatus> = new Set([
  EXIT.noConnection,
  EXIT.notAuthenticated,
  EXIT.wrongServerKey,
]);

/**
 * The same failure; where no order was asked for, it says so of one (its id, 16 bytes) that may have been
 * asked before.
 */
export function withEarlierOrder(failure: Failure, order: Uint8Array | undefined): Failure {
  if (order === undefined || !BEFORE_ANY_ORDER.has(failure.status)) {
    return failure;
  }
  const line = `Nothing was learnt of the order ${hex(order)}, which may be asked again with the same --id.`;
  return { ...failure, advice: [...failure.advice, line] };
}
