/** The program `farthing-server`: finds out what is asked for, and loads no more than that needs. */
import { parseArguments, UsageError } from '../shell/arguments.ts';
import { forceBackend, readBackend } from '../shell/backend.ts';
import { EXIT, type ExitStatus } from '../shell/exit-status.ts';
import { tellFailure } from '../shell/failure.ts';
import { nearest } from '../shell/nearest.ts';
import { Output, roughOutput } from '../shell/output.ts';
import { StandardStreams } from '../shell/streams.ts';
import { showWarningsThatMatter } from '../shell/warnings.ts';
import type { OperatorCommand } from './commands/command.ts';
import { findOperatorCommand, OPERATOR_COMMANDS } from './commands/index.ts';
import { explain } from './explain.ts';
import { dataFolder, OPERATOR_OPTIONS, readServerOptions, refuseOptions } from './options.ts';

/** Runs the program and ends the process with its exit status. Never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  const streams = new StandardStreams('farthing-server');
  showWarningsThatMatter();
  // Books, key and whatever is made of them (backups, exports) are for their owner alone.
  process.umask(0o077);
  const seen = { out: roughOutput(argv) };
  try {
    await streams.finish(await run(argv, seen, streams));
  } catch (error) {
    const failure = explain(error);
    // For a reader who goes away before the end.
    process.exitCode = failure.status;
    tellFailure(failure, 'farthing-server', seen.out);
    if (process.env['FARTHING_DEBUG'] && error instanceof Error) {
      seen.out.problem(String(error.stack));
    }
    await streams.finish(failure.status);
  }
}

async function run(
  argv: readonly string[],
  seen: { out: Output },
  streams: StandardStreams,
): Promise<ExitStatus> {
  const { values, positionals } = parseArguments(argv, OPERATOR_OPTIONS);
  const [first, ...rest] = positionals;
  const out = new Output({
    json: values.json === true,
    quiet: values.quiet === true,
    noColor: values['no-color'] === true,
  });
  seen.out = out;
  if (first === 'help') {
    return showHelp(rest[0]);
  }
  const command = first === undefined ? undefined : findOperatorCommand(first);
  if (values.help === true) {
    return showHelp(command?.name);
  }
  forceBackend(readBackend(values.backend));
  if (values.version === true) {
    const { versionLines } = await import('../shell/version.ts');
    for (const line of await versionLines('farthing-server')) {
      process.stdout.write(`${line}\n`);
    }
    return EXIT.done;
  }
  if (command !== undefined) {
    refuseOptions(values, command);
    if (!command.serving) {
      requireWords(command, rest);
    }
    requireOptions(command, Object.keys(values));
    const { run } = await command.load();
    return run({ words: rest, values, dataDir: dataFolder(values), out });
  }
  if (first !== undefined && !/^[0-9]+$/.test(first)) {
    throw noSuchCommand(first);
  }
  refuseOptions(values);
  const options = readServerOptions(values, positionals);
  const { serve } = await import('./run.ts');
  return serve(options, out, streams);
}

async function showHelp(topic: string | undefined): Promise<ExitStatus> {
  const { operatorHelp, serverHelp } = await import('./help.ts');
  const command = topic === undefined ? undefined : findOperatorCommand(topic);
  if (topic !== undefined && command === undefined) {
    throw noSuchCommand(topic);
  }
  process.stdout.write(command === undefined ? serverHelp() : operatorHelp(command));
  return EXIT.done;
}

/** The one word that may stand first, and is no command, is a port. */
function noSuchCommand(word: string): UsageError {
  const near = nearest(word, [...OPERATOR_COMMANDS.map(({ name }) => name), 'help']);
  return new UsageError(
    `"${word}" is neither a port nor a command`,
    near === undefined ? '"farthing-server --help" explains.' : `Did you mean "farthing-server ${near}"?`,
  );
}

/** @throws UsageError unless the command has exactly the words that it needs */
function requireWords(command: OperatorCommand, words: readonly string[]): void {
  const missing = command.words[words.length];
  const surplus = words[command.words.length];
  const example = `Example: ${command.examples[0]}`;
  if (missing !== undefined) {
    throw new UsageError(`${command.name} needs ${missing}`, example);
  }
  if (surplus !== undefined) {
    throw new UsageError(`${command.name} does not take "${surplus}"`, example);
  }
}

/** @throws UsageError when an option is missing without which there is nothing to do */
function requireOptions(command: OperatorCommand, given: readonly string[]): void {
  const missing = command.required?.find((name) => !given.includes(name));
  if (missing === undefined) {
    return;
  }
  throw new UsageError(`${command.name} needs --${missing}`, `Example: ${command.examples[0]}`);
}
