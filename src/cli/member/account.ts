/**
 * From the options of a command to an open wallet: which profile, which server, whose key, and whether that
 * key is to be trusted.
 */
import { join } from 'node:path';
import { Wallet, WrongServerKeyError } from '../../client/index.ts';
import {
  KnownServers,
  loadProfile,
  openIdentity,
  type Profile,
  profileFolder,
  saveProfile,
} from '../../profile/index.ts';
import { type Address, DEFAULT_PORT, formatEndpoint, parseAddress } from '../../protocol/index.ts';
import { UsageError } from '../shell/arguments.ts';
import type { AskPerson } from '../shell/question.ts';
import { printable } from '../text/printable.ts';
import { GivenKeyError, NotAuthenticatedError, NotRememberedError } from './failures/errors.ts';
import type { ClientOptions } from './options.ts';
import { establishKey } from './trust.ts';

/** A profile and the server that it is to talk to. */
export interface Account {
  readonly folder: string;
  readonly profile: Profile;
  readonly address: Address;
}

const LOCAL_SERVER = `127.0.0.1:${DEFAULT_PORT}`;

/**
 * Finds profile and server: `--server`, else FARTHING_SERVER, else the profile's, else the one on this
 * machine.
 * @throws UsageError, ProfileError
 */
export async function findAccount(
  options: ClientOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Account> {
  const folder = profileFolder(options.profile, env);
  const profile = await loadProfile(folder);
  const { text, source } = whichServer(options, profile, folder, env);
  const address = parseAddress(text);
  if (address === undefined) {
    throw new UsageError(
      `${source}"${text}" is not the address of a server`,
      'Write HOST:PORT or farthing://HOST:PORT#KEY, an IPv6 address in brackets.',
    );
  }
  return { folder, profile, address: pinned(address, options.serverKey) };
}

/**
 * The address as it was written, and where, if not on the command line: the beginning of a sentence about it.
 */
function whichServer(
  options: ClientOptions,
  profile: Profile,
  folder: string,
  env: NodeJS.ProcessEnv,
): { readonly text: string; readonly source: string } {
  if (options.server !== undefined) {
    return { text: options.server, source: '' };
  }
  const fromEnv = env['FARTHING_SERVER'];
  if (fromEnv !== undefined && fromEnv !== '') {
    return { text: fromEnv, source: 'FARTHING_SERVER: ' };
  }
  return { text: profile.server ?? LOCAL_SERVER, source: `${join(folder, 'profile.json')}: ` };
}

function pinned(address: Address, key: Uint8Array | undefined): Address {
  if (key === undefined) {
    return address;
  }
  if (address.key !== undefined && !Buffer.from(address.key).equals(key)) {
    throw new UsageError('--server-key and the key in the address of the server are not the same');
  }
  return { ...address, key };
}

/** How to ask and tell the person something while a wallet is being opened. */
export interface OpenOptions {
  /** Asks them something; undefined when nobody can be asked. */
  readonly ask: AskPerson | undefined;
  /** Tells them something. */
  readonly note: (line: string) => void;
  /** Come back by itself when the link breaks. */
  readonly reconnect: boolean;
}

/**
 * Connects to the account's server, whose key is known, pinned, or accepted now.
 * @throws FirstContactError, GivenKeyError, WrongServerKeyError, LinkError, ProfileError
 */
export async function openWallet(
  account: Account,
  options: ClientOptions,
  { ask, note, reconnect }: OpenOptions,
): Promise<Wallet> {
  const { host, port } = account.address;
  const known = new KnownServers();
  const { key, isNew } = await establishKey({ address: account.address, known, options, ask, note });
  const wallet = await Wallet.connect({
    host,
    port,
    serverKey: key,
    identity: await openIdentity(account.folder),
    suite: options.suite,
    reconnect,
  }).catch((error: unknown) => {
    if (!isNew || !(error instanceof WrongServerKeyError)) {
      throw error;
    }
    throw new GivenKeyError(formatEndpoint(host, port), key, error.seen);
  });
  // Only now has the server shown that it holds the key.
  if (isNew) {
    await known.add(host, port, key);
  }
  return wallet;
}

/**
 * Remembers in the profile who is logged in where. The server's key is not kept there: known servers have one
 * place.
 * @returns the account with its new profile
 * @throws NotRememberedError
 */
export async function rememberAccount(
  account: Account,
  options: Pick<ClientOptions, 'profile'>,
  name: string,
  note: OpenOptions['note'],
): Promise<Account> {
  const { host, port } = account.address;
  const profile = { ...account.profile, name, server: formatEndpoint(host, port) };
  const before = account.profile.name;
  if (before === name && account.profile.server === profile.server) {
    return account;
  }
  await saveProfile(account.folder, profile).catch((cause) => {
    const remedy = `${registerCommand(name, options)} --server ${profile.server}`;
    throw new NotRememberedError(name, remedy, cause);
  });
  if (before !== undefined && before !== name) {
    note(`This profile now speaks for ${printable(name)}; before it was ${printable(before)}.`);
  }
  return { ...account, profile };
}

/** The account's name. @throws NotAuthenticatedError when the profile has none yet */
export function accountName(account: Account, options: ClientOptions): string {
  if (account.profile.name !== undefined) {
    return account.profile.name;
  }
  throw new NotAuthenticatedError(registerCommand('NAME', options));
}

function registerCommand(name: string, { profile }: Pick<ClientOptions, 'profile'>): string {
  return `farthing register ${name}${profile === 'default' ? '' : ` --profile ${profile}`}`;
}
