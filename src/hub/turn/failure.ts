import type { StoreError } from '../../ledger/index.ts';
import type { Refused } from '../effects.ts';
import { NO_SPACE, type Space } from '../space.ts';

/** That a batch could not be written, and what is said of it. */
export interface Failure {
  /** What answers its requests. */
  readonly refusal: Refused;
  /** What came of its operations. */
  readonly text: string;
  /** What the operator is to be told, if anything. */
  readonly warning: string | undefined;
}

/** `inputs`: how many the batch has. */
export function failureOf({ code, message: text }: StoreError, inputs: number, space: Space): Failure {
  const warning = `the ledger could not be written, and ${inputs} inputs were refused: ${text}`;
  // A quota that is used up is told apart from a broken disk by nobody: both may pass.
  const isDisk = code === 'full' || code === 'io';
  return isDisk
    ? { refusal: NO_SPACE, text, warning: space.failed(warning) }
    : { refusal: { refused: 'INTERNAL' }, text, warning };
}
