import { columns } from '../columns.ts';
import { optionLines, page } from '../help.ts';
import { SERVER_OPTIONS } from './options.ts';

/** `farthing-server --help` */
export function serverHelp(): string {
  return page([
    'Example: farthing-server 1960 --data ./books',
    '',
    'Keeps the accounts of a community and carries their payments.',
    '',
    'Usage: farthing-server [PORT] [OPTIONS]      serve until interrupted',
    '       farthing-server audit [--data DIR]    check the books of a stopped server',
    '',
    'PORT is 1960 unless given; 0 lets the system choose one.',
    '',
    'Options:',
    ...optionLines(SERVER_OPTIONS),
    '',
    'Without --data, key and books are kept in $XDG_DATA_HOME/farthing-server (else',
    '~/.local/share/farthing-server).',
    'SIGINT and SIGTERM end it in good order; a second one ends it at once.',
    '',
    'With --json, one document a line, told apart by "event". The first:',
    '  {"event":"listening","host":"...","port":1960,"key":"<64 hex>","address":"farthing://<host>:<port>#<64 hex>"}',
    'then "connect", "disconnect", "unopened", "login", "logout", "message",',
    '"warning", and last "stopped". Lines that nobody reads in time are left out:',
    '  {"event":"dropped","lines":12}',
    'audit: {"ok":true,"accounts":2,"transfers":3,"circulation":"20000.00","circulationMinor":2000000,',
    '        "currency":{"name":"dollars","scale":2},"problems":[]}',
    '',
    'Exit status:',
    ...columns([
      ['  0', 'stopped in good order; audit: the books are in order'],
      ['  1', 'could not start or go on; audit: the books are not in order'],
      ['  2', 'wrong usage'],
      [' 74', 'done, but the answer could not be written (never while serving)'],
    ]),
  ]);
}
