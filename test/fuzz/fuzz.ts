// Searches for inputs that break a target: see --help.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count, runCommand, seedOf } from '../support/command-line.ts';
import { ProgressLine } from '../support/progress-line.ts';
import { writeCorpus } from './corpus.ts';
import type { Failure, Progress } from './exchange.ts';
import { Search } from './search.ts';
import { loadTarget, TARGETS } from './targets/index.ts';

const HELP = `npm run -s fuzz -- --seconds 60
npm run -s fuzz -- --target gate --replay /tmp/farthing-fuzz/gate-0123abcd

  --target NAME     ${[...TARGETS.keys()].join(', ')}; all of them, in turn, when absent;
                    or a file that exports one
  --seconds N       for each target (60)
  --runs N          end a target after so many inputs
  --stuck N         seconds after which an input has got stuck (10)
  --seed N          the same seed and corpus make the same inputs; random when absent
  --crashes FOLDER  where inputs that break a target are written (${join(tmpdir(), 'farthing-fuzz')})
  --keep            put what was found into the corpus
  --replay FILE     run one input
`;

/** How often the search is looked at for a line of progress, in ms. */
const PROGRESS_MS = 250;

interface Options {
  readonly targets: readonly string[];
  readonly seconds: number;
  readonly runs: number;
  readonly stuckMs: number;
  readonly seed: number;
  readonly crashes: string;
  readonly keep: boolean;
}

let interrupted = false;

/** One line on how a search stands, which a terminal of 80 columns holds. */
function show(target: string, progress: Progress, crashes: number, elapsedMs: number): string {
  const { executions, corpus, coverage } = progress;
  const rate = Math.round(executions / Math.max(elapsedMs / 1_000, 0.001));
  const covered = coverage.all === 0 ? '-' : ((100 * coverage.seen) / coverage.all).toFixed(1);
  return [
    target.padEnd(8),
    `${Math.round(elapsedMs / 1_000)} s`.padStart(6),
    `${executions.toLocaleString('en')} runs`.padStart(16),
    `${rate.toLocaleString('en')}/s`.padStart(8),
    `corpus ${corpus}`.padStart(10),
    `coverage ${covered} %`,
    `crashes ${crashes}`,
  ].join(' ');
}

/** Searches one target. Returns its line of the summary and how many kinds of failure there are. */
async function fuzz(name: string, options: Options): Promise<{ line: string; failures: number }> {
  const { seed, seconds, runs, keep, stuckMs } = options;
  const target = await loadTarget(name);
  const started = performance.now();
  const search = new Search({ target, name, seed, runs, keep, stuckMs });
  const progressLine = new ProgressLine();
  const progress = setInterval(() => {
    const { crashes } = search.progress;
    progressLine.show(() => show(target.name, search.progress, crashes.length, performance.now() - started));
  }, PROGRESS_MS);
  const deadline = setTimeout(() => search.stop(), seconds * 1_000);
  const interrupt = (): void => {
    interrupted = true;
    search.stop();
  };
  process.once('SIGINT', interrupt);
  const found = await search.end();
  process.off('SIGINT', interrupt);
  clearInterval(progress);
  clearTimeout(deadline);
  const line = show(target.name, found.progress, found.failures.length, performance.now() - started);
  progressLine.clear();
  for (const failure of found.failures) {
    keepFailure(target.name, name, failure, options);
  }
  if (keep && found.failures.length === 0) {
    console.log(`${target.name}: ${writeCorpus(target.name, found.kept)} inputs are kept`);
  }
  return { line, failures: found.failures.length };
}

/** Writes the input to a file, and says how to run it again. */
function keepFailure(
  target: string,
  name: string,
  { input, text }: Failure,
  { crashes, seed }: Options,
): void {
  const hash = createHash('sha256').update(input).digest('hex').slice(0, 8);
  const file = join(crashes, `${target}-${hash}`);
  mkdirSync(crashes, { recursive: true });
  writeFileSync(file, input);
  console.log(`${target}: ${text}\n  ${input.length} bytes, seed ${seed}`);
  console.log(`  again: npm run -s fuzz -- --target ${name} --replay ${file}\n`);
}

async function replay(name: string, file: string): Promise<number> {
  const input = new Uint8Array(readFileSync(file));
  const target = await loadTarget(name);
  try {
    console.log(`${name}: ${await target.run(input)}`);
    return 0;
  } catch (error) {
    console.log(error);
    return 1;
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      runs: { type: 'string' },
      stuck: { type: 'string', default: '10' },
      seed: { type: 'string' },
      crashes: { type: 'string', default: join(tmpdir(), 'farthing-fuzz') },
      keep: { type: 'boolean', default: false },
      replay: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const targets = values.target === undefined ? [...TARGETS.keys()] : [values.target];
  if (values.replay !== undefined) {
    if (values.target === undefined) {
      throw new RangeError('--replay takes --target');
    }
    return replay(values.target, values.replay);
  }
  const options: Options = {
    targets,
    seconds: count(values.seconds, 'seconds'),
    runs: values.runs === undefined ? Number.POSITIVE_INFINITY : count(values.runs, 'runs'),
    seed: seedOf(values.seed),
    stuckMs: 1_000 * count(values.stuck, 'stuck'),
    crashes: values.crashes,
    keep: values.keep,
  };
  const results: { line: string; failures: number }[] = [];
  for (const target of targets) {
    if (!interrupted) {
      results.push(await fuzz(target, options));
    }
  }
  console.log([`seed ${options.seed}`, ...results.map(({ line }) => line)].join('\n'));
  if (results.some(({ failures }) => failures > 0)) {
    return 1;
  }
  return interrupted ? 130 : 0;
}

await runCommand(HELP, main);
