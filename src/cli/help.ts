/**
 * The pages of `--help`. An example stands first, since that is what most people came for. Nothing here may load
 * cryptography, the codec or the store: help answers at once.
 */
import type { OptionTable } from './arguments.ts';
import { COMMON_OPTIONS, SPECIAL_OPTIONS } from './client-options.ts';
import { columns } from './columns.ts';
import type { ScriptCommand } from './script/command.ts';
import { COMMANDS } from './script/index.ts';

/** `farthing --help` */
export function mainHelp(): string {
  return page([
    'Example: farthing pay bob 12.50 --memo lunch',
    '',
    'Small payments between people, over links that they encrypt themselves.',
    '',
    'Usage: farthing [HOST] [PORT]          register, log in, pay and chat',
    '       farthing COMMAND [OPTIONS]      do one thing, for scripts',
    '',
    'Commands:',
    ...columns(COMMANDS.map((command) => [`  ${usage(command)}`, command.summary])),
    '',
    'Options, before or after a command:',
    ...optionLines(COMMON_OPTIONS),
    '',
    'Exit status:',
    ...columns([
      ['  0', 'done'],
      ['  1', 'refused by the server, or who was asked is not there'],
      ['  2', 'wrong usage, or something here must be put right first'],
      ['  3', 'no connection'],
      ['  4', 'not authenticated: not registered, or not with this key'],
      ['  5', "the server's key is not the one known"],
      ['  6', 'outcome unknown: the link broke before the answer'],
      [' 74', 'done, but the answer could not be written'],
      ['130', 'interrupted'],
    ]),
    '',
    'The server is the one of --server, else of FARTHING_SERVER, else the one where',
    'the profile registered, else the one on this machine. Keys and names are kept',
    'in $XDG_CONFIG_HOME/farthing (else ~/.config/farthing).',
    '"farthing COMMAND --help" explains a command and its JSON.',
  ]);
}

/** `farthing COMMAND --help` */
export function commandHelp(command: ScriptCommand): string {
  const special = Object.fromEntries(command.options.map((name) => [name, SPECIAL_OPTIONS[name]]));
  return page([
    ...command.examples.map((example, index) => `${index === 0 ? 'Example: ' : '         '}${example}`),
    '',
    `${capital(command.summary)}.`,
    ...command.details,
    '',
    `Usage: farthing ${usage(command)}${command.options.length > 0 ? ' [OPTIONS]' : ''}`,
    '',
    'Options:',
    ...optionLines({ ...special, ...COMMON_OPTIONS }),
    '',
    'With --json:',
    ...command.json.map((line) => `  ${line}`),
    '  refused: {"error":{"code":311,"name":"PAYEE_OFFLINE","text":"FAIL: Payee is not online"}}',
  ]);
}

/** A line for each option. */
export function optionLines(table: OptionTable): string[] {
  return columns(
    Object.entries(table).map(([name, { short, value, help }]) => [
      `  ${short === undefined ? '   ' : `-${short},`} --${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  );
}

/** A command and the words that it needs. */
export function usage(command: ScriptCommand): string {
  return [command.name, ...command.words].join(' ');
}

/** Lines as a page that ends with a line feed. */
export function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
