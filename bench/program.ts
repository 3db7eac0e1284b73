import { Interrupted } from './measure.ts';
import { ContenderError } from './rounds.ts';

/**
 * Runs a program of the suite to its end, and sets its exit status: what `main` returns, 1 for a contender
 * that failed, 2 for a command line that is not understood (RangeError, or what parseArgs throws), 128 and
 * the number of a signal.
 */
export async function runProgram(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const status = statusOf(error);
    if (!(error instanceof Interrupted)) {
      console.error(error instanceof Error ? error.message : error);
    }
    process.exit(status);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof Interrupted) {
    return error.status;
  }
  if (error instanceof ContenderError) {
    return 1;
  }
  if (error instanceof RangeError || isOfParseArgs(error)) {
    return 2;
  }
  throw error;
}

function isOfParseArgs(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
