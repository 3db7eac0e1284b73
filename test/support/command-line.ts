/**
 * Runs a program of the tests to its end, and sets its exit status: what `main` returns, or 2, with the help,
 * for a command line that is not understood (RangeError, or what parseArgs throws).
 */
export async function runCommand(help: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) {
      throw error;
    }
    console.error(`${error.message}\n\n${help}`);
    process.exitCode = 2;
  }
}

/** The number that an option has. Throws RangeError for anything else. */
export function count(text: string, name: string): number {
  if (!/^\d{1,10}(\.\d+)?$/.test(text)) {
    throw new RangeError(`--${name} takes a number`);
  }
  return Number(text);
}

/** The seed that an option has, or a new one. */
export function seedOf(text: string | undefined): number {
  return text === undefined ? Math.floor(Math.random() * 2 ** 31) : count(text, 'seed');
}
