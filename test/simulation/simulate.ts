// Lets communities live on simulated networks, clocks and disks, and looks for what must not be: see --help.
import { parseArgs } from 'node:util';
import { count, runCommand, seedOf } from '../support/command-line.ts';
import { ProgressLine } from '../support/progress-line.ts';
import { addFigures, diskOf, type Finding, runSeed } from './campaign.ts';
import { Simulation } from './simulation.ts';
import type { Swarm } from './swarm.ts';

const HELP = `make simulate SECONDS=600
node test/simulation/simulate.ts --seed 17 --steps 400 --verbose

  --seed N      the first seed; random when absent
  --seeds N     how many seeds, one after another (1 when --seed is given)
  --seconds N   how long, when --seeds does not say how many (60)
  --steps N     of each seed (5000)
  --disk NAME   model, or sqlite: the real store on a file; when absent, sqlite for every 20th seed
  --verbose     everything that happens in the one seed
`;

interface Options {
  readonly seed: number;
  readonly seeds: number;
  readonly seconds: number;
  readonly steps: number;
  readonly disk: Swarm['disk'] | undefined;
}

function show(seeds: number, sum: Readonly<Record<string, number>>, elapsedMs: number): string {
  const count = (name: string): string => (sum[name] ?? 0).toLocaleString('en');
  const rate = Math.round((sum['steps'] ?? 0) / Math.max(elapsedMs / 1_000, 0.001));
  return (
    `${Math.round(elapsedMs / 1_000)} s, ${seeds} seeds, ${count('steps')} steps (${rate.toLocaleString('en')}/s), ` +
    `${count('requests')} requests, ${count('payments')} payments answered, ${count('retries')} orders given again, ` +
    `${count('operations')} operations, ${count('cuts')} links cut, ${count('gateways')} gateways lost, ${count('failures')} batches failed, ${count('crashes')} crashes`
  );
}

function report({ seed, step, text, events, shorter }: Finding, { steps, disk }: Options): void {
  const where = disk === undefined ? '' : ` --disk ${disk}`;
  console.log(`\nseed ${seed} fails at step ${step} of ${steps}: ${text}\n`);
  console.log(`The last events:\n${events.map((event) => `  ${event}`).join('\n')}\n`);
  console.log(`again: node test/simulation/simulate.ts --seed ${seed} --steps ${steps}${where} --verbose`);
  if (shorter === undefined) {
    return;
  }
  const onto = ` --disk ${disk ?? diskOf(seed)}`;
  console.log(
    `alike, after ${shorter.step} steps: --seed ${shorter.seed} --steps ${shorter.step}${onto} --verbose`,
  );
}

async function search(options: Options): Promise<number> {
  const sum: Record<string, number> = {};
  const started = performance.now();
  const progressLine = new ProgressLine();
  let seeds = 0;
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  const line = (): string => show(seeds, sum, performance.now() - started);
  while (!interrupted && seeds < options.seeds && performance.now() - started < options.seconds * 1_000) {
    const outcome = await runSeed(options.seed + seeds, options);
    seeds += 1;
    if ('events' in outcome) {
      report(outcome, options);
      return 1;
    }
    addFigures(sum, outcome);
    // A signal is heard only when the loop lets others run.
    await new Promise((resolve) => setImmediate(resolve));
    progressLine.show(line);
  }
  progressLine.clear();
  console.log(`seeds ${options.seed} to ${options.seed + seeds - 1}: nothing found\n${line()}`);
  return interrupted ? 130 : 0;
}

async function tell({ seed, steps, disk = diskOf(seed) }: Options): Promise<number> {
  try {
    await Simulation.run({ seed, steps, disk, trace: (event) => console.log(event) });
    return 0;
  } catch (error) {
    console.log(error instanceof Error ? error.cause : error);
    return 1;
  }
}

function countOr(absent: number, text: string | undefined, name: string): number {
  return text === undefined ? absent : count(text, name);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      seconds: { type: 'string' },
      steps: { type: 'string' },
      disk: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { disk } = values;
  if (disk !== undefined && disk !== 'model' && disk !== 'sqlite') {
    throw new RangeError('--disk takes model or sqlite');
  }
  const one = values.seed !== undefined && values.seconds === undefined;
  const many = values.seeds === undefined && !one;
  const options: Options = {
    seed: seedOf(values.seed),
    seeds: many ? Number.POSITIVE_INFINITY : countOr(1, values.seeds, 'seeds'),
    seconds: many ? countOr(60, values.seconds, 'seconds') : countOr(2 ** 31, values.seconds, 'seconds'),
    steps: countOr(5_000, values.steps, 'steps'),
    disk,
  };
  return values.verbose ? tell(options) : search(options);
}

await runCommand(HELP, main);
