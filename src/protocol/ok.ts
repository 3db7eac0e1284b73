/** How results begin that grant what was asked: the counterpart of the table of errors. */
import { oneOf, text } from './fields.ts';
import { MAX_TEXT_BYTES } from './limits.ts';

/** What the results of register, login, list and pay begin with. */
export interface Ok {
  readonly code: 100;
  readonly text: string;
}

/** The one value of {@link Ok}. */
export const OK: Ok = { code: 100, text: '100 OK' };

/** The `text` of the result of exit. */
export const BYE = 'Bye!';

/** The readers of {@link Ok}. */
export const ok = { code: oneOf(100), text: text(0, MAX_TEXT_BYTES) };
