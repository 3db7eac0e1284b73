import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { MAX_PORT } from '../../protocol/limits.ts';
import type { ServerOptions } from '../../server/index.ts';
import { type OptionTable, type OptionValues, readChoice, readInteger, UsageError } from '../arguments.ts';
import { readAmount } from '../inputs.ts';

/** What `farthing-server` takes. */
export const SERVER_OPTIONS = {
  data: { type: 'string', short: 'd', value: 'DIR', help: 'where its key and books are kept' },
  host: { type: 'string', value: 'ADDRESS', help: 'the address to listen on (else all of this machine)' },
  workers: {
    type: 'string',
    value: 'N',
    help: 'threads for connections',
  },
  grant: { type: 'string', value: 'AMOUNT', help: 'what a new account is given (else 10000)' },
  currency: { type: 'string', value: 'NAME', help: 'for new books (else dollars)' },
  scale: { type: 'string', value: 'N', help: 'decimals of the currency, for new books (else 2)' },
  'require-pq': { type: 'boolean', help: 'refuse suites without ML-KEM-768' },
  'no-rates': { type: 'boolean', help: 'lift the rates per user, for load tests' },
  json: { type: 'boolean', help: 'JSON lines instead of sentences' },
  quiet: { type: 'boolean', short: 'q', help: 'no log of connections and messages' },
  'no-color': { type: 'boolean', help: 'no colours (also NO_COLOR)' },
  backend: {
    type: 'string',
    value: 'NAME',
    help: 'native or noble (also FARTHING_BACKEND)',
  },
  help: { type: 'boolean', short: 'h', help: 'explain' },
  version: { type: 'boolean', short: 'V', help: 'version, runtime, cryptography' },
} as const satisfies OptionTable;

export type ServerValues = OptionValues<typeof SERVER_OPTIONS>;

/** Decimals of a currency of which nothing is said. */
const USUAL_SCALE = 2;

/** Decimals and threads are bounded more closely by the server itself; here only nonsense is kept out. */
const MAX_SMALL_NUMBER = 1_000;

/** Reads `[PORT]` and the options. @throws UsageError */
export function readServerOptions(values: ServerValues, positionals: readonly string[]): ServerOptions {
  const [port, surplus] = positionals;
  if (surplus !== undefined) {
    throw new UsageError(
      `there is nothing to do with "${surplus}"`,
      'Example: farthing-server 1960 --data ./books',
    );
  }
  const scale =
    values.scale === undefined ? undefined : readInteger(values.scale, '--scale', 0, MAX_SMALL_NUMBER);
  return {
    dataDir: dataFolder(values),
    port: port === undefined ? undefined : readInteger(port, 'the port', 0, MAX_PORT),
    host: values.host,
    workers:
      values.workers === undefined
        ? undefined
        : readInteger(values.workers, '--workers', 1, MAX_SMALL_NUMBER),
    grant: values.grant === undefined ? undefined : readAmount(values.grant, scale ?? USUAL_SCALE),
    currency: values.currency,
    // An amount was read with this scale: books that are kept in another must not take it.
    scale: scale ?? (values.grant === undefined ? undefined : USUAL_SCALE),
    requirePq: values['require-pq'] === true,
    noRates: values['no-rates'] === true,
    backend:
      values.backend === undefined ? undefined : readChoice(values.backend, '--backend', ['native', 'noble']),
    log: values.quiet !== true,
  };
}

/** `--data`, else `$XDG_DATA_HOME/farthing-server`, else `~/.local/share/farthing-server`. */
export function dataFolder(values: ServerValues, env: NodeJS.ProcessEnv = process.env): string {
  if (values.data !== undefined) return resolve(values.data);
  const data = env['XDG_DATA_HOME'];
  // The XDG specification has a relative path ignored.
  return join(data?.startsWith('/') ? data : join(homedir(), '.local', 'share'), 'farthing-server');
}
