/** The log of a server: one line for each event, numbered messages among them. */
import type { MessageEvent, ServerEvent } from '../../server/index.ts';
import type { Paint } from '../colour.ts';
import { printable } from '../printable.ts';

/** An event as a line, or undefined where it is not worth one. */
export function logLine(event: ServerEvent, paint: Paint): string {
  switch (event.event) {
    case 'message':
      return messageLine(event, paint);
    case 'connect':
      return paint.faint(`[conn ${event.conn}] connected from ${printable(event.host)}`);
    case 'disconnect':
      return paint.faint(`[conn ${event.conn}] disconnected: ${words(event.reason)}`);
    case 'unopened':
      return paint.faint(`a connection from ${printable(event.host)} was not taken: ${words(event.reason)}`);
    case 'login':
      return `User ${paint.name(printable(event.name))} log in`;
    case 'logout':
      return `User ${paint.name(printable(event.name))} log out`;
    case 'warning':
      return paint.notable(`warning: ${printable(event.text)}`);
  }
}

/** `#12 [conn 3] recv login alice`, `#13 [conn 3] send login 100`, `#20 [conn 4] send paid alice` */
function messageLine(event: MessageEvent, paint: Paint): string {
  const { n, conn, direction, method, name, to, amount, code } = event;
  const words = [paint.faint(`#${n}`), `[conn ${conn}]`, direction, printable(method)];
  if (name !== undefined) words.push(printable(name));
  if (to !== undefined) words.push(`to ${printable(to)}`);
  if (amount !== undefined) words.push(`(${amount} minor units)`);
  if (code !== undefined) words.push(String(code));
  return words.join(' ');
}

/** A stable code such as `idle_timeout`, as words. */
function words(code: string): string {
  return printable(code).replaceAll('_', ' ');
}
