/**
 * What a typed line asks for. Words, one-letter and numbered short forms, and the raw forms
 * (`PayRequest#alice#10#bob`) all become the same few commands; what is left out is undefined and will be
 * asked for.
 */

import { nearest } from '../../shell/nearest.ts';
import { looksLikeAmount } from '../../text/money.ts';

export type Line =
  | { readonly do: 'nothing' }
  | { readonly do: 'register'; readonly name?: string | undefined }
  | { readonly do: 'login'; readonly name?: string | undefined; readonly port?: string | undefined }
  | { readonly do: 'list' }
  | {
      readonly do: 'pay';
      /** Who the raw form says is paying; the link's key decides. */
      readonly from?: string | undefined;
      readonly to?: string | undefined;
      /** A decimal, not yet read: the currency decides how. */
      readonly amount?: string | undefined;
      readonly memo?: string | undefined;
    }
  | { readonly do: 'friends' }
  | { readonly do: 'befriend'; readonly name?: string | undefined }
  | { readonly do: 'unfriend'; readonly name?: string | undefined }
  | { readonly do: 'chat'; readonly name?: string | undefined }
  | { readonly do: 'say'; readonly to: string; readonly text: string }
  | { readonly do: 'history'; readonly limit?: string | undefined }
  | { readonly do: 'whoami' }
  | { readonly do: 'help' }
  | { readonly do: 'exit' }
  /** Not understood. `advice`: what may help. */
  | { readonly do: 'mistake'; readonly advice: string };

type CommandName = Exclude<Line['do'], 'nothing' | 'mistake' | 'say'>;

/** Every word that begins a line, and the command that it means. */
const WORDS: Readonly<Record<string, CommandName>> = {
  '1': 'register',
  r: 'register',
  register: 'register',
  '2': 'login',
  l: 'login',
  login: 'login',
  '3': 'list',
  list: 'list',
  ls: 'list',
  '4': 'pay',
  p: 'pay',
  pay: 'pay',
  '5': 'friends',
  friends: 'friends',
  befriend: 'befriend',
  unfriend: 'unfriend',
  '6': 'chat',
  chat: 'chat',
  history: 'history',
  whoami: 'whoami',
  help: 'help',
  '?': 'help',
  '0': 'exit',
  exit: 'exit',
  quit: 'exit',
};

/** The words that completion offers: the whole ones. */
export const COMMAND_WORDS: readonly string[] = Object.keys(WORDS).filter((word) => word.length > 2);

/** Reads a typed line. Any text is some {@link Line}. */
export function parseLine(typed: string): Line {
  const text = typed.trim();
  if (text === '') {
    return { do: 'nothing' };
  }
  if (text.startsWith('@')) {
    return parseSay(text);
  }
  if (text.includes('#') && !/\s/.test(text)) {
    return parseRaw(text.split('#'));
  }
  const [first = '', ...rest] = text.split(/\s+/);
  const word = first.toLowerCase();
  const command = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  return command === undefined ? unknown(word) : parseCommand(command, rest, text);
}

/** The command in a typed line, without what is written for others to read; undefined where there is none. */
export function commandIn(typed: string): string | undefined {
  const text = typed.trim();
  const line = parseLine(text);
  switch (line.do) {
    case 'nothing':
    case 'mistake':
    case 'say':
      return undefined;
    case 'help':
      return 'help';
    case 'pay':
      // A sentence that happens to begin with "pay" is no payment.
      if (line.amount !== undefined && !looksLikeAmount(line.amount)) {
        return undefined;
      }
      return line.memo === undefined ? text : text.split(/\s+/, 3).join(' ');
    default:
      return text;
  }
}

function parseCommand(command: CommandName, words: readonly string[], text: string): Line {
  const [one, two] = words;
  switch (command) {
    case 'register':
    case 'befriend':
    case 'unfriend':
    case 'chat':
      return words.length > 1 ? tooMany(`${command} NAME`) : { do: command, name: one };
    case 'login':
      return words.length > 2 ? tooMany('login NAME PORT') : { do: 'login', name: one, port: two };
    case 'history':
      return words.length > 1 ? tooMany('history, or history 50') : { do: 'history', limit: one };
    case 'pay':
      return { do: 'pay', to: one, amount: two, memo: memoOf(text) };
    case 'list':
    case 'friends':
    case 'whoami':
    case 'exit':
      return words.length > 0 ? tooMany(command) : { do: command };
    case 'help':
      return { do: 'help' };
  }
}

/** What stands behind payee and amount, as it was typed; a `for` before it is left out. */
function memoOf(text: string): string | undefined {
  const rest = /^\S+\s+\S+\s+\S+\s+(?:for\s+)?(.+)$/is.exec(text);
  return rest?.[1];
}

/** `@bob what is said` */
function parseSay(text: string): Line {
  const parts = /^@(\S+)(?:\s+(.+))?$/s.exec(text);
  const [, to, said] = parts ?? [];
  if (to === undefined) {
    return mistake('write @NAME TEXT');
  }
  return said === undefined ? { do: 'chat', name: to } : { do: 'say', to, text: said };
}

/** `REGISTER#alice`, `PayRequest#alice#10#bob`, `alice#6000` */
function parseRaw(parts: readonly string[]): Line {
  const [first = '', second, third, fourth] = parts;
  const word = first.toLowerCase();
  if (word === 'register') {
    return parts.length === 2 && second ? { do: 'register', name: second } : mistake('write REGISTER#NAME');
  }
  if (word === 'payrequest') {
    return parts.length === 4 && second && third && fourth
      ? { do: 'pay', from: second, amount: third, to: fourth }
      : mistake('write PayRequest#PAYER#AMOUNT#PAYEE');
  }
  return parts.length === 2 && first && second
    ? { do: 'login', name: first, port: second }
    : mistake('to log in, write NAME#PORT');
}

function unknown(word: string): Line {
  const near = nearest(word, COMMAND_WORDS);
  return mistake(near === undefined ? 'help lists the commands' : `did you mean ${near}?`);
}

function tooMany(form: string): Line {
  return mistake(`write ${form}`);
}

function mistake(advice: string): Line {
  return { do: 'mistake', advice };
}
