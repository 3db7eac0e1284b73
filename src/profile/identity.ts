import { join } from 'node:path';
import { generateKeyPair, type KeyPair, keyPairFromSecret } from '../link/index.ts';
import { ProfileError } from './errors.ts';
import { createFile, readSecret } from './private-file.ts';

/** The file of the secret key inside a profile's folder: 64 hex digits and a line feed. */
const KEY_FILE = 'key';

/**
 * The key pair in `<folder>/key`, or undefined when there is no such file.
 * @throws ProfileError `exposed`, `damaged`, `io`
 */
export async function loadIdentity(folder: string): Promise<KeyPair | undefined> {
  const path = join(folder, KEY_FILE);
  const text = await readSecret(path);
  if (text === undefined) {
    return undefined;
  }
  if (!/^[0-9a-f]{64}\s*$/i.test(text)) {
    throw new ProfileError('damaged', path);
  }
  return keyPairFromSecret(Buffer.from(text.trim(), 'hex'));
}

/**
 * Makes a new key pair and writes it to `<folder>/key`; never over an existing one.
 * @throws ProfileError `exists`, `io`
 */
export async function createIdentity(folder: string): Promise<KeyPair> {
  const keys = generateKeyPair();
  createFile(join(folder, KEY_FILE), `${Buffer.from(keys.secretKey).toString('hex')}\n`);
  return keys;
}

/**
 * {@link loadIdentity}, or where there is none {@link createIdentity}. Several processes may do so at once:
 * all get the same.
 * @throws ProfileError `exposed`, `damaged`, `io`
 */
export async function openIdentity(folder: string): Promise<KeyPair> {
  const known = await loadIdentity(folder);
  if (known !== undefined) {
    return known;
  }
  try {
    return await createIdentity(folder);
  } catch (error) {
    const other =
      error instanceof ProfileError && error.code === 'exists' ? await loadIdentity(folder) : undefined;
    if (other === undefined) {
      throw error;
    }
    return other;
  }
}
