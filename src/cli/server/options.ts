import { resolve } from 'node:path';
import { MAX_PORT } from '../../protocol/limits.ts';
import type { MetricsOptions, ServerOptions } from '../../server/index.ts';
import { userFolder } from '../../system/folders.ts';
import {
  type OptionTable,
  type OptionValues,
  readChoice,
  readInteger,
  UsageError,
} from '../shell/arguments.ts';
import { readAmount } from '../shell/inputs.ts';

/** What `farthing-server` takes. */
export const SERVER_OPTIONS = {
  data: { type: 'string', short: 'd', value: 'DIR', help: 'where its key and books are kept' },
  host: { type: 'string', value: 'ADDRESS', help: 'the address to listen on (else any)' },
  workers: {
    type: 'string',
    value: 'N',
    help: 'threads for connections',
  },
  'max-connections': { type: 'string', value: 'N', help: 'links at once (else 10000)' },
  'max-connections-per-address': { type: 'string', value: 'N', help: 'of these (else a tenth)' },
  grant: { type: 'string', value: 'AMOUNT', help: 'what a new account is given (else 10000)' },
  currency: { type: 'string', value: 'NAME', help: 'for new books (else dollars)' },
  scale: { type: 'string', value: 'N', help: 'its decimals, for new books (else 2)' },
  'new-books': { type: 'boolean', help: 'begin books where only the key is left' },
  'min-free': { type: 'string', value: 'MIB', help: 'room to keep free (else 64, or a tenth)' },
  metrics: { type: 'string', value: 'WHERE', help: 'answer Prometheus at [ADDRESS:]PORT' },
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

/** What single commands of the operator take besides. */
export const COMMAND_OPTIONS = {
  backup: { type: 'string', value: 'FILE', help: 'check this backup instead of the books' },
  force: { type: 'boolean', help: 'replace what is there already' },
  format: { type: 'string', value: 'FORMAT', help: 'csv or jsonl (else csv)' },
  from: { type: 'string', value: 'SEQ', help: 'the first transfer (else 1)' },
  to: { type: 'string', value: 'SEQ', help: 'the last transfer (else the newest)' },
  account: { type: 'string', value: 'NAME', help: 'only what this account paid and was paid' },
  reason: { type: 'string', value: 'TEXT', help: 'why; kept with the books for good' },
  key: { type: 'string', value: 'HEX', help: 'the new public key, 64 hex digits' },
  yes: { type: 'boolean', short: 'y', help: 'do it without asking' },
} as const satisfies OptionTable;

/**
 * All options of `farthing-server`: one word means the same everywhere, so that options may stand before a
 * command.
 */
export const OPERATOR_OPTIONS = { ...SERVER_OPTIONS, ...COMMAND_OPTIONS } as const satisfies OptionTable;

/** The options of {@link SERVER_OPTIONS} that every command takes. */
export const COMMON_OPTIONS = {
  data: SERVER_OPTIONS.data,
  json: { type: 'boolean', help: 'one JSON document on standard output' },
  quiet: { type: 'boolean', short: 'q', help: 'only data and errors' },
  'no-color': SERVER_OPTIONS['no-color'],
  help: SERVER_OPTIONS.help,
  version: SERVER_OPTIONS.version,
} as const satisfies OptionTable;

export type ServerValues = OptionValues<typeof SERVER_OPTIONS>;
export type OperatorValues = OptionValues<typeof OPERATOR_OPTIONS>;
export type CommandOption = keyof typeof COMMAND_OPTIONS;

/** Which options a command of the operator takes. */
export interface TakesOptions {
  readonly name: string;
  /** What it takes besides the common options. */
  readonly options: readonly CommandOption[];
  /** Whether it takes a port and the options of serving as well. */
  readonly serving?: true;
}

/** @throws UsageError when an option was given that this command, or serving (undefined), does not take */
export function refuseOptions(values: OperatorValues, command?: TakesOptions): void {
  const isServing = command === undefined || command.serving === true;
  const table = isServing ? SERVER_OPTIONS : COMMON_OPTIONS;
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(table, name) || command?.options.some((option) => option === name)) {
      continue;
    }
    throw new UsageError(`${command?.name ?? 'farthing-server without a command'} takes no --${name}`);
  }
}

/** Decimals of a currency of which nothing is said. */
const USUAL_SCALE = 2;

/** Decimals and threads are bounded more closely by the server itself; here only nonsense is kept out. */
const MAX_SMALL_NUMBER = 1_000;
const MAX_LARGE_NUMBER = 1_000_000_000;

const MIB = 1024 * 1024;

/** A thousand TiB. */
const MAX_FREE_MIB = 1_000 * MIB;

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
    maxConnections: readConnections(values, 'max-connections'),
    maxConnectionsPerAddress: readConnections(values, 'max-connections-per-address'),
    grant: values.grant === undefined ? undefined : readAmount(values.grant, scale ?? USUAL_SCALE),
    currency: values.currency,
    // An amount was read with this scale: books that are kept in another must not take it.
    scale: scale ?? (values.grant === undefined ? undefined : USUAL_SCALE),
    newBooks: values['new-books'] === true,
    minFree:
      values['min-free'] === undefined
        ? undefined
        : readInteger(values['min-free'], '--min-free', 0, MAX_FREE_MIB) * MIB,
    metrics: values.metrics === undefined ? undefined : readMetrics(values.metrics),
    requirePq: values['require-pq'] === true,
    noRates: values['no-rates'] === true,
    backend:
      values.backend === undefined ? undefined : readChoice(values.backend, '--backend', ['native', 'noble']),
    log: values.quiet !== true,
  };
}

function readConnections(
  values: ServerValues,
  name: 'max-connections' | 'max-connections-per-address',
): number | undefined {
  const value = values[name];
  return value === undefined ? undefined : readInteger(value, `--${name}`, 1, MAX_LARGE_NUMBER);
}

/**
 * `9464`, `192.0.2.1:9464`, `[2001:db8::1]:9464`, `localhost:9464`. A port alone is one of this machine
 * alone.
 */
function readMetrics(text: string): MetricsOptions {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]:|([^:[\]]+):)?([0-9]+)$/.exec(text) ?? [];
  if (port === '') {
    throw new UsageError(
      `--metrics must be a port, or an address and a port, not "${text}"`,
      'Example: --metrics 9464, --metrics 192.0.2.1:9464, --metrics [::]:9464',
    );
  }
  return { host: bracketed ?? plain, port: readInteger(port, 'the port of --metrics', 0, MAX_PORT) };
}

/**
 * `--data`, else `$XDG_DATA_HOME/farthing-server`, else `~/.local/share/farthing-server`.
 * @throws UsageError
 */
export function dataFolder(values: ServerValues, env: NodeJS.ProcessEnv = process.env): string {
  const folder =
    values.data === undefined ? userFolder('data', 'farthing-server', env) : resolve(values.data);
  if (folder === undefined) {
    throw new UsageError('there is no home folder to keep the books in', 'Name another folder with --data.');
  }
  return folder;
}
