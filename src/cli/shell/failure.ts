/**
 * A failure, as people and as scripts are told of it. Which error is which failure, each program says for
 * itself.
 */

import { fold } from '../text/columns.ts';
import { printable } from '../text/printable.ts';
import type { UsageError } from './arguments.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import type { Output } from './output.ts';

/** A failure told: what happened and why, and what to do next. */
export interface Failure {
  readonly status: ExitStatus;
  /** The server's number, or null for what was found out on this side. */
  readonly code: number | null;
  /** Whether the text has words of the server's in it. */
  readonly isRemote?: boolean;
  /** Stable, for programs. */
  readonly name: string;
  readonly text: string;
  /** What the server's text means, where it says too little to people. */
  readonly meaning?: string;
  /** What to do next, a line each. */
  readonly advice: readonly string[];
  /** With an outcome unknown: the order's id, 32 hex digits. */
  readonly id?: string;
}

/** A mistake on the command line. */
export function usageFailure(error: UsageError): Failure {
  return {
    status: EXIT.usage,
    code: null,
    name: 'USAGE',
    text: error.message,
    advice: error.advice === undefined ? [] : [error.advice],
  };
}

/** Tells a failure on standard error, with `--json` also as a document on standard output. */
export function tellFailure(failure: Failure, program: string, out: Output): void {
  const { code, isRemote = false, name, text, meaning, id } = failure;
  if (out.json) {
    out.data({ error: { code, name, text, ...(id === undefined ? {} : { id }) } }, () => []);
  }
  const line = `${program}: ${printable(text)}${meaning === undefined ? '' : ` (${meaning})`}`;
  const [first = '', ...more] = isRemote ? remoteLines(line) : [line];
  out.problem(out.paintError.bad(`${program}:`) + first.slice(program.length + 1));
  for (const line of more) {
    out.problem(line);
  }
  for (const line of failure.advice) {
    out.problem(printable(line));
  }
}

/**
 * What a server wrote, folded where a terminal would wrap it, so that no part of it can stand where a line of
 * ours stands.
 */
function remoteLines(line: string): string[] {
  return process.stderr.isTTY ? fold(line, '  | ', process.stderr.columns) : [line];
}
