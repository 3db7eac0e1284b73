import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../system/errors.ts';
import { isPrivateSync, makeFolderSync, replaceFileSync } from '../system/files.ts';
import { ServerError } from './errors.ts';

/**
 * The server's identity inside its data folder: 64 hex digits and a line feed, readable by its owner alone.
 */
export const KEY_FILE = 'server.key';

const SECRET_KEY_BYTES = 32;
const ACCESS = 0o777;
const WRITTEN_BY_ALL = 0o002;

/**
 * Makes the data folder where there is none, open to its owner alone. One that everybody may write in is
 * refused: they could put other books or another key in place. Returns what the operator should know of one
 * that is open otherwise; a group may have no other member. Throws ServerError `bad_data_dir`.
 */
export function prepareDataDir(dataDir: string): string[] {
  try {
    makeFolderSync(dataDir);
  } catch (cause) {
    throw new ServerError('bad_data_dir', `cannot make the data folder ${dataDir}: ${reason(cause)}`, {
      cause,
    });
  }
  return checkAccess(dataDir);
}

function checkAccess(dataDir: string): string[] {
  // Windows has no such bits; what stat says there means nothing.
  if (process.platform === 'win32') {
    return [];
  }
  const access = statSync(dataDir).mode & ACCESS;
  const mode = access.toString(8).padStart(4, '0');
  const remedy = `chmod 700 ${dataDir}`;
  if ((access & WRITTEN_BY_ALL) !== 0) {
    throw new ServerError(
      'bad_data_dir',
      `everybody may write in the data folder ${dataDir} (mode ${mode}), and so put other books or another key in place: ` +
        `look whether they have, then ${remedy}`,
    );
  }
  if (isPrivateSync(dataDir)) {
    return [];
  }
  return [`the data folder ${dataDir} is open to others (mode ${mode}): ${remedy}`];
}

/**
 * The server's static secret key (32 bytes), made at the first start. The caller holds the lock of the data
 * folder: two servers that start at once would otherwise replace each other's key. `inUse`: there are members
 * already, who know the key; a new one would look to each of them like an attack. Throws ServerError
 * `bad_key_file` or `bad_data_dir`.
 */
export function loadServerKey(dataDir: string, inUse: boolean): Uint8Array {
  const path = join(dataDir, KEY_FILE);
  const key = readKey(path);
  if (key !== undefined) {
    return key;
  }
  if (inUse) {
    throw new ServerError(
      'bad_key_file',
      `${path} is missing, and the members whose accounts are kept beside it know that key: restore it from your ` +
        `backup. If it is lost for good, make another with (umask 077; openssl rand -hex 32 > ${path}): every ` +
        'member must then forget the old one',
    );
  }
  return makeKey(path);
}

function readKey(path: string): Uint8Array | undefined {
  let text: string;
  try {
    if (!isPrivateSync(path)) {
      throw new ServerError(
        'bad_key_file',
        `${path} is open to others: chmod 600 it, or make a new key if they may have read it`,
      );
    }
    text = readFileSync(path, 'latin1').trim();
  } catch (cause) {
    if (cause instanceof ServerError) {
      throw cause;
    }
    if (systemCode(cause) === 'ENOENT') {
      return undefined;
    }
    throw new ServerError('bad_key_file', `cannot read ${path}: ${reason(cause)}`, { cause });
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new ServerError('bad_key_file', `${path} is not a server key (64 hex digits)`);
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function makeKey(path: string): Uint8Array {
  const secret = new Uint8Array(randomBytes(SECRET_KEY_BYTES));
  try {
    replaceFileSync(path, `${Buffer.from(secret).toString('hex')}\n`);
  } catch (cause) {
    throw new ServerError('bad_data_dir', `cannot write ${path}: ${reason(cause)}`, { cause });
  }
  return secret;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
