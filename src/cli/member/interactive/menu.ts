import type { Paint } from '../../text/colour.ts';
import { columns } from '../../text/columns.ts';

/** What a new user sees. A number works as the command. */
export const MENU = '1 Register   2 Login   3 List   4 Pay   5 Friends   6 Chat   0 Exit';

/** What `help` shows. */
export function helpLines(paint: Paint): string[] {
  return [
    paint.strong(MENU),
    ...columns([
      ['register alice', 'take a name (also R, REGISTER#alice)'],
      ['login alice 6000', 'log in; direct links at port 6000 (also L, alice#6000)'],
      ['list', 'your balance, and who is online (also ls)'],
      ['pay bob 10 for lunch', 'pay who is online (also P, PayRequest#alice#10#bob)'],
      ['history', 'what you paid and got, newest first (history 50 for more)'],
      ['friends', 'befriend bob asks or accepts, unfriend bob ends it'],
      ['@bob hello', 'say it to bob, over a direct link the server does not see'],
      ['chat bob', 'every line goes to bob, until /end or Ctrl-C'],
      ['whoami', 'your name, server, and how the link is protected'],
      ['exit', 'log out and leave (also Ctrl-D)'],
    ]),
    'Tab completes commands and names. Ctrl-C clears the line, or leaves.',
  ];
}

/** What stands before the line being typed. */
export function promptText(name: string | undefined, chatWith: string | undefined, paint: Paint): string {
  if (name === undefined) {
    return '> ';
  }
  const who = chatWith === undefined ? paint.name(name) : `${paint.name(name)} to ${paint.name(chatWith)}`;
  return `[${who}] > `;
}
