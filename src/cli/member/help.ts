/**
 * The pages of `--help`. An example stands first, since that is what most people came for. Nothing here may
 * load cryptography, the codec or the store: help answers at once.
 */

import { commandPage, optionLines, page } from '../shell/help-page.ts';
import { columns } from '../text/columns.ts';
import { COMMON_OPTIONS, SPECIAL_OPTIONS } from './options.ts';
import type { ScriptCommand } from './script/command.ts';
import { COMMANDS } from './script/index.ts';

/** What any command may end in. */
const REFUSED = 'refused: {"error":{"code":311,"name":"PAYEE_OFFLINE","text":"FAIL: Payee is not online"}}';

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
      [' 70', 'a fault in farthing itself'],
      [' 74', 'done, but the answer, or the profile, could not be written'],
      ['129', 'ended by SIGHUP'],
      ['130', 'interrupted (SIGINT)'],
      ['143', 'ended by SIGTERM'],
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
  return commandPage(
    { ...command, json: [...command.json, REFUSED] },
    `farthing ${usage(command)}${command.options.length > 0 ? ' [OPTIONS]' : ''}`,
    { ...special, ...COMMON_OPTIONS },
  );
}

/** A command and the words that it needs. */
export function usage(command: ScriptCommand): string {
  return [command.name, ...command.words].join(' ');
}
