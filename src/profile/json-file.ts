import { ProfileError } from './errors.ts';
import { readText, replaceFile } from './private-file.ts';

/**
 * The entries of the JSON object in a file, or undefined where there is no file.
 * @throws ProfileError `damaged`, `io`
 */
export async function readJson(path: string): Promise<ReadonlyMap<string, unknown> | undefined> {
  const text = await readText(path);
  if (text === undefined) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProfileError('damaged', path, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProfileError('damaged', path);
  }
  return new Map(Object.entries(value));
}

/** Replaces a file in one step. @throws ProfileError `io` */
export function writeJson(path: string, value: object): void {
  replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
