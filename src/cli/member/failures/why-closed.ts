import { NotConnectedError, OutcomeUnknownError } from '../../../client/index.ts';

/**
 * What broke the link: why a wallet closed by itself, or why a request that may simply be asked again had no
 * answer. Of these no outcome is unknown; of an order that was under way whoever asked for it is told by an
 * error of its own.
 */
export function whyClosed(error: unknown): unknown {
  if (!(error instanceof OutcomeUnknownError)) {
    return error;
  }
  return error.cause instanceof Error
    ? error.cause
    : new NotConnectedError('the server closed the link', { cause: error });
}
