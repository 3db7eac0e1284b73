import type { OptionSpec } from '../shell/arguments.ts';
import { commandPage, optionLines, page } from '../shell/help-page.ts';
import { columns } from '../text/columns.ts';
import type { OperatorCommand } from './commands/command.ts';
import { OPERATOR_COMMANDS } from './commands/index.ts';
import { COMMAND_OPTIONS, COMMON_OPTIONS, SERVER_OPTIONS } from './options.ts';

/** `farthing-server --help` */
export function serverHelp(): string {
  return page([
    'Example: farthing-server 1960 --data ./books',
    '',
    'Keeps the accounts of a community and carries their payments.',
    '',
    'Usage: farthing-server [PORT] [OPTIONS]      serve until interrupted',
    '       farthing-server COMMAND [OPTIONS]     do one thing, for the operator',
    '',
    'PORT is 1960 unless given; 0 lets the system choose one.',
    '',
    'Commands:',
    ...columns(
      OPERATOR_COMMANDS.map(({ name, words, summary }) => [`  ${[name, ...words].join(' ')}`, summary]),
    ),
    '',
    'Options of serving:',
    ...optionLines(SERVER_OPTIONS),
    '',
    'Without --data, key and books are kept in $XDG_DATA_HOME/farthing-server (else',
    '~/.local/share/farthing-server).',
    'SIGINT and SIGTERM end it in good order; a second one ends it at once.',
    '',
    'With --json, one document a line, told apart by "event". The first:',
    '  {"event":"listening","host":"...","port":1960,"key":"<64 hex>","address":"farthing://<host>:<port>#<64 hex>"}',
    'then, with level and time before their own keys,',
    '  {"level":"info","time":"2026-11-22T14:52:00.000Z","event":"login","conn":3,"name":"alice"}',
    'and "metrics", "connect", "disconnect", "unopened", "logout", "message",',
    '"operation", "warning", and last "stopped". Lines that nobody reads in time are',
    'left out, and "dropped" says how many.',
    '',
    'Exit status:',
    ...columns([
      ['  0', 'done, or stopped in good order'],
      ['  1', 'refused, or a check has failed; could not start or go on'],
      ['  2', 'wrong usage'],
      ['  3', 'the server does not run, or does not answer'],
      ['  6', 'it went away before it answered: done, or not; "accounts" shows'],
      [' 70', 'a fault in farthing-server itself'],
      [' 74', 'done, but the answer could not be written (never while serving)'],
    ]),
    '"farthing-server COMMAND --help" explains a command and its JSON.',
  ]);
}

/** `farthing-server COMMAND --help` */
export function operatorHelp(command: OperatorCommand): string {
  const special = Object.fromEntries(command.options.map((name) => [name, COMMAND_OPTIONS[name]]));
  const options = { ...special, ...(command.serving ? SERVER_OPTIONS : COMMON_OPTIONS) };
  return commandPage(command, `farthing-server ${usage(command)} [OPTIONS]`, options);
}

/** A command, the words that it needs, and the options without which it does nothing. */
function usage({ name, words, required = [] }: OperatorCommand): string {
  return [
    name,
    ...words,
    ...required.map((option) => {
      const spec: OptionSpec = COMMAND_OPTIONS[option];
      return `--${option} ${spec.value ?? ''}`.trimEnd();
    }),
  ].join(' ');
}
