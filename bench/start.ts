import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Case, type Contender, Unavailable } from './case.ts';
import { startSampler } from './sampler.ts';

const PROCESS = new URL('start/start.process.ts', import.meta.url);

/** The programs as built. */
const CLIENT = fileURLToPath(new URL('../dist/cli/bin/farthing.js', import.meta.url));
const SERVER = fileURLToPath(new URL('../dist/cli/bin/farthing-server.js', import.meta.url));

/** How long the programs take until they are of use, beside what the runtime alone takes. */
export const START: Case = {
  name: 'start',
  title: 'start a program that was started before (its files are in memory), one after the other',
  unit: 'starts/s',
  better: 'more',
  reference: 'node',
  extraSeconds: 0.3,
  contenders: [
    program('farthing', 'farthing --help, until it has ended', 'ended', [CLIENT, '--help']),
    program(
      'farthing-version',
      'farthing --version, until it has ended: it loads the cryptography',
      'ended',
      [CLIENT, '--version'],
    ),
    program(
      'farthing-server',
      'farthing-server, until it listens; its CPU time includes its end',
      'listens',
      [SERVER, '0', '-q'],
    ),
    program('node', 'node -e 0, until it has ended', 'ended', ['-e', '0']),
  ],
};

function program(
  name: string,
  detail: string,
  until: 'ended' | 'listens',
  args: readonly string[],
): Contender {
  return {
    name,
    detail,
    async start() {
      if (name !== 'node' && !existsSync(SERVER)) {
        throw new Unavailable('not built: make build');
      }
      return startSampler(PROCESS, [until, ...args]);
    },
  };
}
