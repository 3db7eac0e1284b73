import type { PayParams, PayResult } from '../protocol/index.ts';
import { Backoff } from './backoff.ts';
import { BusyError, NotConnectedError, OutcomeUnknownError, RefusedError } from './errors.ts';
import { MAX_ORDER_RETRIES } from './limits.ts';
import { isFinal, isTemporary } from './refusals.ts';
import type { ServerLink } from './server-link.ts';

/**
 * Asks the server to carry out an order until it is known what became of it. When the link breaks before the
 * answer, the order is asked again on the next link, under the same id, which cannot pay twice. From then on
 * it may be on disk, or from the beginning (`again`): only its transfer or a final refusal is an answer, and
 * a server that is too busy to give one is asked again, {@link MAX_ORDER_RETRIES} times.
 *
 * @throws RefusedError, NotConnectedError or BusyError when nothing was done; else OutcomeUnknownError
 */
export async function placeOrder(
  server: Pick<ServerLink, 'ask' | 'whenConnected' | 'pause'>,
  order: PayParams,
  again: boolean,
): Promise<PayResult> {
  const backoff = new Backoff();
  let mayBeDone = again;
  for (;;) {
    try {
      return await server.ask('pay', order);
    } catch (error) {
      if (error instanceof OutcomeUnknownError) {
        mayBeDone = true;
      } else if (!(error instanceof NotConnectedError)) {
        if (!mayBeDone || !leavesOpen(error)) {
          throw error;
        }
        const { attempt, delayMs } = backoff.next();
        if (!mayPass(error) || attempt > MAX_ORDER_RETRIES) {
          throw unknown(order, error);
        }
        await server.pause(delayMs);
      }
    }
    try {
      await server.whenConnected();
    } catch (error) {
      throw mayBeDone ? unknown(order, error) : error;
    }
  }
}

/** Is it still not known what became of an order that may be on disk? */
function leavesOpen(error: unknown): boolean {
  return error instanceof BusyError || (error instanceof RefusedError && !isFinal(error.symbol));
}

function mayPass(error: unknown): boolean {
  return error instanceof BusyError || (error instanceof RefusedError && isTemporary(error.symbol));
}

function unknown({ id }: PayParams, cause: unknown): OutcomeUnknownError {
  return new OutcomeUnknownError({ cause, id });
}
