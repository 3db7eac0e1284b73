import { join } from 'node:path';
import { userFolder } from '../system/folders.ts';
import { ProfileError } from './errors.ts';
import { readJson, writeJson } from './json-file.ts';

/** What is remembered between runs, so that it need not be typed again. */
export interface Profile {
  /** The account's name. */
  readonly name?: string | undefined;
  /** The server, as `parseAddress` reads it. */
  readonly server?: string | undefined;
}

const PROFILE_FILE = 'profile.json';
const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** `$XDG_CONFIG_HOME/farthing`, or `~/.config/farthing`. @throws ProfileError `no_home` */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  const folder = userFolder('config', 'farthing', env);
  if (folder === undefined) {
    throw new ProfileError('no_home', '~/.config/farthing');
  }
  return folder;
}

/**
 * The folder of one profile: its `key` and its `profile.json`.
 * @throws ProfileError `bad_name`, `no_home`
 */
export function profileFolder(profile: string, env: NodeJS.ProcessEnv = process.env): string {
  if (!PROFILE_NAME.test(profile)) {
    throw new ProfileError('bad_name', profile);
  }
  return join(configFolder(env), 'profiles', profile);
}

/**
 * What `<folder>/profile.json` says; an empty profile where there is no such file.
 * @throws ProfileError `damaged`, `io`
 */
export async function loadProfile(folder: string): Promise<Profile> {
  const path = join(folder, PROFILE_FILE);
  const fields = await readJson(path);
  if (fields === undefined) {
    return {};
  }
  return { name: optionalText(fields, 'name', path), server: optionalText(fields, 'server', path) };
}

/** Replaces `<folder>/profile.json` in one step. @throws ProfileError `io` */
export async function saveProfile(folder: string, { name, server }: Profile): Promise<void> {
  writeJson(join(folder, PROFILE_FILE), { name, server });
}

function optionalText(fields: ReadonlyMap<string, unknown>, key: string, path: string): string | undefined {
  const value = fields.get(key);
  if (value !== undefined && typeof value !== 'string') {
    throw new ProfileError('damaged', path);
  }
  return value;
}
