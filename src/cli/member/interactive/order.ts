import { newOrderId } from '../../../client/index.ts';
import { type Address, formatEndpoint } from '../../../protocol/index.ts';
import { hex } from '../../text/fingerprint.ts';
import type { OrderUnderWay, Prompt } from './prompt.ts';
import { shellCommand, shellOption } from './shell-quoting.ts';

/** An order under a new id. */
export function newOrder(order: Omit<OrderUnderWay, 'id'>): OrderUnderWay {
  return { ...order, id: newOrderId() };
}

/**
 * Says of the payment under way, if there is one, that its outcome is unknown, and how to send the same order
 * again. It is said once.
 */
export function tellUnknown(prompt: Prompt): void {
  const { order, screen, paint, account, options } = prompt;
  if (order === undefined) {
    return;
  }
  prompt.order = undefined;
  screen.print(
    paint.bad('The outcome is unknown: the payment may have been made, or not.'),
    'It is safe to send it again: the same order under the same --id is paid once. In a shell:',
    orderCommand(order, account.address, options.profile),
  );
}

/**
 * The command that sends the order (again), for any POSIX shell. It is the same order only by the same
 * account at the same server, whatever the profile remembers by then. The server's key is known by the time
 * that somebody pays.
 */
export function orderCommand(
  { from, to, amount, memo, id }: OrderUnderWay,
  { host, port }: Pick<Address, 'host' | 'port'>,
  profile: string,
): string {
  return shellCommand([
    'farthing',
    'pay',
    to,
    amount,
    ...(memo === '' ? [] : shellOption('memo', memo)),
    ...shellOption('id', hex(id)),
    ...shellOption('as', from),
    ...shellOption('server', formatEndpoint(host, port)),
    ...(profile === 'default' ? [] : shellOption('profile', profile)),
  ]);
}
