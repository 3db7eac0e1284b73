/** What people may type: checked here, before a server is asked, so that a slip costs nothing. */
import { MAX_MEMO_BYTES, MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { foldName } from '../../protocol/names.ts';
import { parseAmount } from '../text/money.ts';
import { UsageError } from './arguments.ts';

/** A person's name, in lower case. @throws UsageError */
export function readName(text: string): string {
  const name = foldName(text);
  if (name === undefined) {
    throw new UsageError(
      `"${text}" cannot be a name`,
      'A name is 1 to 32 of a-z 0-9 _ . - and begins with a letter; a few are reserved.',
    );
  }
  return name;
}

/** An amount in minor units. @throws UsageError */
export function readAmount(text: string, scale: number): number {
  const amount = parseAmount(text, scale);
  if ('mistake' in amount) {
    throw new UsageError(`"${text}" ${amount.mistake}`);
  }
  return amount.minor;
}

/** What a payment is for. @throws UsageError */
export function readMemo(text: string): string {
  // No command line can hold one, and so the order could not be sent again in a shell.
  if (text.includes('\0')) {
    throw new UsageError('a memo has no NUL characters, and this one does');
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MEMO_BYTES) {
    throw new UsageError(`a memo has at most ${MAX_MEMO_BYTES} bytes, and this one has ${bytes}`);
  }
  return text;
}

/** What is said to somebody. @throws UsageError */
export function readText(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes < 1 || bytes > MAX_TEXT_BYTES) {
    throw new UsageError(`a text has 1 to ${MAX_TEXT_BYTES} bytes, and this one has ${bytes}`);
  }
  return text;
}
