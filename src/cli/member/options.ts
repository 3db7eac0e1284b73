import {
  type OptionSpec,
  type OptionTable,
  type OptionValues,
  readChoice,
  readHex,
  UsageError,
} from '../shell/arguments.ts';
import { type BackendChoice, readBackend } from '../shell/backend.ts';

/** What every command of `farthing` takes. */
export const COMMON_OPTIONS = {
  server: {
    type: 'string',
    short: 's',
    value: 'HOST:PORT',
    help: 'the server, also as farthing://HOST:PORT#KEY',
  },
  'server-key': { type: 'string', value: 'HEX', help: 'the key that it must have, 64 hex digits' },
  profile: { type: 'string', value: 'NAME', help: 'another key and account name of yours (else "default")' },
  json: { type: 'boolean', help: 'one JSON document on standard output' },
  yes: { type: 'boolean', short: 'y', help: 'trust a server that was never seen before' },
  'no-input': { type: 'boolean', help: 'never ask anything' },
  quiet: { type: 'boolean', short: 'q', help: 'only data and errors' },
  'no-color': { type: 'boolean', help: 'no colours (also NO_COLOR)' },
  suite: { type: 'string', value: 'NAME', help: 'XXhfs, with ML-KEM-768 (the default), or XX' },
  backend: {
    type: 'string',
    value: 'NAME',
    help: 'native or noble (also FARTHING_BACKEND)',
  },
  help: { type: 'boolean', short: 'h', help: 'explain, also after a command' },
  version: { type: 'boolean', short: 'V', help: 'version, runtime, cryptography' },
} as const satisfies OptionTable;

/** What single commands take besides. */
export const SPECIAL_OPTIONS = {
  memo: {
    type: 'string',
    short: 'm',
    value: 'TEXT',
    help: 'what it is for; the payee sees it',
  },
  id: {
    type: 'string',
    value: 'HEX',
    help: '32 hex digits: the same order under it pays once',
  },
  as: {
    type: 'string',
    value: 'NAME',
    help: "the account that pays (else the profile's)",
  },
  limit: { type: 'string', short: 'n', value: 'N', help: 'how many, 1 to 100 (else 20)' },
  before: { type: 'string', value: 'SEQ', help: 'only those before this one' },
  port: {
    type: 'string',
    short: 'p',
    value: 'PORT',
    help: 'where to take direct links (else 0: any)',
  },
} as const satisfies OptionTable;

/**
 * All options of `farthing`: one word means the same everywhere, so that options may stand before the
 * command.
 */
export const CLIENT_OPTIONS = { ...COMMON_OPTIONS, ...SPECIAL_OPTIONS } as const satisfies Record<
  string,
  OptionSpec
>;

export type ClientValues = OptionValues<typeof CLIENT_OPTIONS>;
export type SpecialOption = keyof typeof SPECIAL_OPTIONS;

/** The common options, read. */
export interface ClientOptions {
  /** As typed; undefined: look elsewhere. */
  readonly server: string | undefined;
  /** 32 bytes. */
  readonly serverKey: Uint8Array | undefined;
  readonly profile: string;
  readonly json: boolean;
  /** Trust an unknown server's key without asking. */
  readonly yes: boolean;
  /** May questions be asked at all? */
  readonly input: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
  readonly suite: 'XX' | 'XXhfs' | undefined;
  readonly backend: BackendChoice | undefined;
}

/** The `KEY_BYTES` of the protocol, which the help does not load. */
const SERVER_KEY_BYTES = 32;

/** Reads the common options. @throws UsageError */
export function readClientOptions(values: ClientValues): ClientOptions {
  const key = values['server-key'];
  return {
    server: values.server,
    serverKey: key === undefined ? undefined : readHex(key, '--server-key', SERVER_KEY_BYTES),
    profile: values.profile ?? 'default',
    json: values.json === true,
    yes: values.yes === true,
    input: values['no-input'] !== true,
    quiet: values.quiet === true,
    noColor: values['no-color'] === true,
    suite: values.suite === undefined ? undefined : readChoice(values.suite, '--suite', ['XX', 'XXhfs']),
    backend: readBackend(values.backend),
  };
}

/** Refuses options that a command does not take. @throws UsageError */
export function refuseOptions(values: ClientValues, command: string, taken: readonly SpecialOption[]): void {
  for (const name of Object.keys(SPECIAL_OPTIONS) as SpecialOption[]) {
    if (values[name] !== undefined && !taken.includes(name)) {
      throw new UsageError(`${command} takes no --${name}`);
    }
  }
}
