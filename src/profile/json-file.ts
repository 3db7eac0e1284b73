import { WalletFileError } from './errors.ts';
import { readText, replaceFile } from './private-file.ts';

/**
 * The entries of the JSON object in a file, or undefined where there is no file.
 * @throws WalletFileError `damaged`, `io`
 */
export async function readJson(path: string): Promise<ReadonlyMap<string, unknown> | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WalletFileError('damaged', path, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WalletFileError('damaged', path);
  }
  return new Map(Object.entries(value));
}

/** Replaces a file in one step. @throws WalletFileError `io` */
export async function writeJson(path: string, value: object): Promise<void> {
  await replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
