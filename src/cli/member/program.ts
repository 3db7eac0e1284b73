/** The program `farthing`: finds out what is asked for, and loads no more than that needs. */
import { parseArguments, UsageError } from '../shell/arguments.ts';
import { forceBackend, readBackend } from '../shell/backend.ts';
import { EXIT, type ExitStatus } from '../shell/exit-status.ts';
import { tellFailure, usageFailure } from '../shell/failure.ts';
import { nearest } from '../shell/nearest.ts';
import { Output, roughOutput } from '../shell/output.ts';
import { StandardStreams } from '../shell/streams.ts';
import { showWarningsThatMatter } from '../shell/warnings.ts';
import { CLIENT_OPTIONS, type ClientValues, readClientOptions, refuseOptions } from './options.ts';
import type { ScriptCommand } from './script/command.ts';
import { COMMANDS, findCommand } from './script/index.ts';

/** Runs the program and ends the process with its exit status. Never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  const streams = new StandardStreams('farthing');
  showWarningsThatMatter();
  const seen: Seen = { out: roughOutput(argv) };
  try {
    await streams.finish(await run(argv, seen));
  } catch (error) {
    await streams.finish(await report(error, seen));
  }
}

/** What is known by the time that something fails. */
interface Seen {
  out: Output;
  server?: string;
  account?: string;
  order?: Uint8Array;
}

async function run(argv: readonly string[], seen: Seen): Promise<ExitStatus> {
  const { values, positionals } = parseArguments(argv, CLIENT_OPTIONS);
  const [first, ...rest] = positionals;
  if (values.version === true) {
    return showVersion(values);
  }
  if (first === 'help') {
    return showHelp(rest[0]);
  }
  const command = first === undefined ? undefined : findCommand(first);
  if (values.help === true) {
    return showHelp(command?.name);
  }

  const options = readClientOptions(values);
  seen.out = new Output(options);
  const at = (server: string) => {
    seen.server = server;
  };
  const as = (account: string) => {
    seen.account = account;
  };
  const mayBeGiven = (order: Uint8Array) => {
    seen.order = order;
  };
  forceBackend(options.backend);
  if (command !== undefined) {
    refuseOptions(values, command.name, command.options);
    const words = readWords(command, rest);
    const { run } = await command.load();
    return run({ words, values, options, out: seen.out, at, as, mayBeGiven });
  }
  refuseOptions(values, WITHOUT_COMMAND, []);
  const server = serverOf(positionals, values);
  if (options.json) {
    throw new UsageError(`${WITHOUT_COMMAND} takes no --json`);
  }
  const { runInteractive } = await import('./interactive/index.ts');
  return runInteractive({ options: { ...options, server }, out: seen.out, at });
}

/** How the prompt is called in messages. */
const WITHOUT_COMMAND = 'farthing without a command';

/** `[HOST] [PORT]`, or the option. @throws UsageError where the first word was meant as a command */
function serverOf(positionals: readonly string[], values: ClientValues): string | undefined {
  const [host, port, surplus] = positionals;
  if (host === undefined) {
    return values.server;
  }
  const looksLikeHost = /[.:]/.test(host) || host === 'localhost' || port !== undefined;
  if (!looksLikeHost || (port !== undefined && !/^[0-9]+$/.test(port))) {
    throw noSuchCommand(host);
  }
  if (surplus !== undefined) {
    throw new UsageError(`${WITHOUT_COMMAND} does not take "${surplus}"`, 'Example: farthing 127.0.0.1 1960');
  }
  if (values.server !== undefined) {
    throw new UsageError('the server is given twice');
  }
  if (port === undefined) {
    return host;
  }
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

function noSuchCommand(word: string): UsageError {
  if (/^log-?(in|on)$/.test(word)) {
    return new UsageError(
      'there is no command "login": every command logs in by itself',
      'Run "farthing" alone to log in and stay.',
    );
  }
  const near = nearest(
    word,
    COMMANDS.map((command) => command.name),
  );
  return new UsageError(
    `there is no command "${word}"`,
    near === undefined
      ? '"farthing --help" lists them; "farthing HOST PORT" talks to a server.'
      : `Did you mean "farthing ${near}"?`,
  );
}

/** As many words as the command needs, the last one perhaps of several. @throws UsageError */
function readWords(command: ScriptCommand, words: readonly string[]): readonly string[] {
  const needed = command.words.length;
  const last = command.words.at(-1);
  const missing = command.words[words.length];
  if (missing !== undefined) {
    throw new UsageError(
      `${command.name} needs ${missing.replace('...', '')}`,
      `Example: ${command.examples[0]}`,
    );
  }
  if (last?.endsWith('...')) {
    return [...words.slice(0, needed - 1), words.slice(needed - 1).join(' ')];
  }
  if (words.length > needed) {
    throw new UsageError(
      `${command.name} does not take "${words[needed]}"`,
      `Example: ${command.examples[0]}`,
    );
  }
  return words;
}

async function showHelp(topic: string | undefined): Promise<ExitStatus> {
  const { mainHelp, commandHelp } = await import('./help.ts');
  const command = topic === undefined ? undefined : findCommand(topic);
  if (topic !== undefined && command === undefined) {
    throw noSuchCommand(topic);
  }
  process.stdout.write(command === undefined ? mainHelp() : commandHelp(command));
  return EXIT.done;
}

async function showVersion(values: ClientValues): Promise<ExitStatus> {
  forceBackend(readBackend(values.backend));
  const { versionLines } = await import('../shell/version.ts');
  for (const line of await versionLines('farthing')) {
    process.stdout.write(`${line}\n`);
  }
  return EXIT.done;
}

/** Tells what went wrong. @returns the exit status for it */
async function report(error: unknown, { out, server, account, order }: Seen): Promise<ExitStatus> {
  const failure =
    error instanceof UsageError
      ? usageFailure(error)
      : (await import('./failures/explain.ts')).explain(error, server, account, order);
  // Where standard output breaks before the end, the process ends with this status.
  process.exitCode = failure.status;
  tellFailure(failure, 'farthing', out);
  if (process.env['FARTHING_DEBUG'] && error instanceof Error) {
    out.problem(String(error.stack));
  }
  return failure.status;
}
