/** The program `farthing-server`: finds out what is asked for, and loads no more than that needs. */
import { parseArguments, UsageError } from './arguments.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { type Failure, tellFailure, usageFailure } from './failure.ts';
import { nearest } from './nearest.ts';
import { dataFolder, readServerOptions, SERVER_OPTIONS } from './operator/options.ts';
import { Output, roughOutput } from './output.ts';
import { StandardStreams } from './streams.ts';
import { showWarningsThatMatter } from './warnings.ts';

/** Runs the program and ends the process with its exit status. Never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  const streams = new StandardStreams('farthing-server');
  showWarningsThatMatter();
  const seen = { out: roughOutput(argv) };
  try {
    await streams.finish(await run(argv, seen, streams));
  } catch (error) {
    const failure = explain(error);
    // For a reader who goes away before the end.
    process.exitCode = failure.status;
    tellFailure(failure, 'farthing-server', seen.out);
    if (process.env['FARTHING_DEBUG'] && error instanceof Error) seen.out.problem(String(error.stack));
    await streams.finish(failure.status);
  }
}

async function run(
  argv: readonly string[],
  seen: { out: Output },
  streams: StandardStreams,
): Promise<ExitStatus> {
  const { values, positionals } = parseArguments(argv, SERVER_OPTIONS);
  const out = new Output({
    json: values.json === true,
    quiet: values.quiet === true,
    noColor: values['no-color'] === true,
  });
  seen.out = out;
  if (values.help === true || positionals[0] === 'help') {
    const { serverHelp } = await import('./operator/help.ts');
    process.stdout.write(serverHelp());
    return EXIT.done;
  }
  if (values.version === true) {
    const { versionLines } = await import('./version.ts');
    for (const line of await versionLines('farthing-server')) process.stdout.write(`${line}\n`);
    return EXIT.done;
  }
  if (positionals[0] === 'audit' && positionals.length === 1) {
    const { audit } = await import('./operator/audit.ts');
    return audit(dataFolder(values), out);
  }
  refuseOtherWords(positionals[0]);
  const options = readServerOptions(values, positionals);
  const { serve } = await import('./operator/run.ts');
  return serve(options, out, streams);
}

/** The one word that may stand first is a port. @throws UsageError */
function refuseOtherWords(word: string | undefined): void {
  if (word === undefined || /^[0-9]+$/.test(word)) return;
  const near = nearest(word, ['audit', 'help']);
  throw new UsageError(
    `"${word}" is neither a port nor a command`,
    near === undefined ? '"farthing-server --help" explains.' : `Did you mean "farthing-server ${near}"?`,
  );
}

/** The server's own errors are sentences for its operator already. */
function explain(error: unknown): Failure {
  if (error instanceof UsageError) return usageFailure(error);
  const isServerError = error instanceof Error && error.name === 'ServerError' && 'code' in error;
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: isServerError ? (error.code === 'bad_option' ? EXIT.usage : EXIT.refused) : EXIT.fault,
    code: null,
    name: isServerError ? String(error.code).toUpperCase() : 'FAULT',
    text: isServerError ? message : `a fault in farthing-server itself: ${message}`,
    advice: isServerError ? [] : ['Please report it. FARTHING_DEBUG=1 shows where it happened.'],
  };
}
