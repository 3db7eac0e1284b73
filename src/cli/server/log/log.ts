/** The log of a server for people: one line for each event, numbered messages among them. */
import type { MessageEvent, ServerEvent } from '../../../server/index.ts';
import type { Paint } from '../../text/colour.ts';
import { printable } from '../../text/printable.ts';
import { notShownLine } from '../../text/words.ts';

/** What a log tells of: the server's events, and those of the program around it. */
export type LoggedEvent =
  | ServerEvent
  /** Where Prometheus may ask. */
  | { readonly event: 'metrics'; readonly url: string }
  /** So many lines were left out, because nobody read them in time. */
  | { readonly event: 'dropped'; readonly lines: number }
  | { readonly event: 'stopped' };

/** An event as a line, without its end. */
export type LineOf = (event: LoggedEvent) => string;

/** An event as a line. */
export function logLine(event: LoggedEvent, paint: Paint): string {
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
    case 'operation':
      return `operator: ${event.kind} ${paint.name(printable(event.name))}: ${words(event.status)}`;
    case 'warning':
      return paint.notable(`warning: ${printable(event.text)}`);
    case 'metrics':
      return `Metrics ${printable(event.url)}`;
    case 'dropped':
      return notShownLine(event.lines);
    case 'stopped':
      return 'Stopped.';
  }
}

/** `#12 [conn 3] recv login alice`, `#13 [conn 3] send login 100`, `#20 [conn 4] send paid alice` */
function messageLine(event: MessageEvent, paint: Paint): string {
  const { n, conn, direction, method, name, to, amount, code } = event;
  const words = [paint.faint(`#${n}`), `[conn ${conn}]`, direction, printable(method)];
  if (name !== undefined) {
    words.push(printable(name));
  }
  if (to !== undefined) {
    words.push(`to ${printable(to)}`);
  }
  if (amount !== undefined) {
    words.push(`(${amount} minor units)`);
  }
  if (code !== undefined) {
    words.push(String(code));
  }
  return words.join(' ');
}

/** A stable code such as `idle_timeout`, as words. */
function words(code: string): string {
  return printable(code).replaceAll('_', ' ');
}
