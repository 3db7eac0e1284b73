import { systemCode } from '../../../system/errors.ts';
import type { ExitStatus } from '../../shell/exit-status.ts';
import type { Failure } from '../../shell/failure.ts';
import { printable } from '../../text/printable.ts';

/** What an error is about. */
export interface Where {
  /** HOST:PORT where it is known, else words for it. */
  readonly server: string;
  /** Whose account it is about, where that is known. */
  readonly account: string | undefined;
}

/** A failure that was found out on this side. Of the advice, empty lines are left out. */
export function told(status: ExitStatus, name: string, text: string, advice: readonly string[]): Failure {
  return { status, code: null, name, text, advice: advice.filter((line) => line !== '') };
}

/** The system's own code for the cause of an error, such as ` (ECONNREFUSED)`, or nothing. */
export function causeCode({ cause }: Error): string {
  const code = systemCode(cause);
  return code === undefined ? '' : ` (${printable(code)})`;
}

/** What the cause of an error says, or nothing. */
export function causeText({ cause }: Error): string {
  return cause instanceof Error ? printable(cause.message) : '';
}
