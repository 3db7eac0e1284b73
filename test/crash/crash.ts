// Breaks servers, clients, networks and disks under a load of payments, and counts what was lost: see --help.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count, runCommand, seedOf } from '../support/command-line.ts';
import { ProgressLine } from '../support/progress-line.ts';
import { runOnSmallDisk, whyNoSmallDisk } from './disk-full.ts';
import { examineLosses, type LossFigures } from './losses.ts';
import { type Figures, runRounds } from './rounds.ts';
import { recordCalls, whyNoTrace } from './strace.ts';

const HELP = `make crash ROUNDS=300
npm run -s crash -- --rounds 300 --states 2000 --seed 7
npm run -s crash -- --part power

  --part NAME  kill:  servers and clients are killed, connections cut, while people pay each other
               power: what a loss of power may leave of a disk, from recorded calls (needs strace)
               disk:  a disk becomes full (needs root on Linux)
               all of them, in turn, when absent
  --rounds N   kill: how often something breaks (100)
  --states N   power: disks that are opened (1000)
  --seed N     of all that is random here; a run prints its own
`;

/** Batches of payments that are recorded: SQLite's log begins anew several times. */
const BATCHES = 1_400;
/** States that show what synchronous=NORMAL would lose. */
const STATES_OF_NORMAL = 50;

const LOAD = join(import.meta.dirname, 'load.process.ts');

interface Options {
  readonly rounds: number;
  readonly states: number;
  readonly seed: number;
}

/** One part: whether all is as it must be. */
type Part = (options: Options) => Promise<boolean>;

const PARTS: Readonly<Record<string, Part>> = { kill, power, disk };

async function kill({ rounds, seed }: Options): Promise<boolean> {
  const progressLine = new ProgressLine();
  const figures = await runRounds({
    rounds,
    seed,
    progress: (round, kind) => progressLine.show(() => `round ${round} of ${rounds}: ${kind}`),
  });
  progressLine.clear();
  console.log(killLines(figures).join('\n'));
  const { lost, twice, unresolved, problems } = figures;
  return lost + twice + unresolved + problems.length === 0;
}

function killLines(figures: Figures): string[] {
  const { rounds, killedStarting, cuts, orders, answered, unknown, retried } = figures;
  const { lost, twice, unresolved, problems } = figures;
  const all = rounds.server + rounds.clients + rounds.network;
  return [
    `kill -9: ${all} rounds`,
    `  broken      server ${rounds.server} times, and ${killedStarting} times while it started; clients ${rounds.clients} times; network ${rounds.network} times, ${cuts} connections`,
    `  orders      ${orders}`,
    `  answered    ${answered}`,
    `  unknown     ${unknown}, the link broke before the answer`,
    `  retried     ${retried} times under the same id`,
    `  unresolved  ${unresolved}`,
    `  lost        ${lost}`,
    `  twice       ${twice}`,
    `  audits      ${all + killedStarting} during the rounds and 1 at the end: ${problems.length} problems`,
    ...problems.map((problem) => `    ${problem}`),
  ];
}

async function power({ states, seed }: Options): Promise<boolean> {
  const reason = whyNoTrace();
  if (reason !== undefined) {
    console.log(`power loss: not tried: ${reason}`);
    return true;
  }
  const full = await losses('FULL', states, seed);
  console.log(lossLines('power loss', full).join('\n'));
  console.log(`  audits      ${states}: ${full.problems.length} problems`);
  for (const problem of full.problems) {
    console.log(`    ${problem}`);
  }
  const normal = await losses('NORMAL', Math.min(states, STATES_OF_NORMAL), seed);
  console.log(lossLines('the same with synchronous=NORMAL, which must lose some', normal).join('\n'));
  return full.lost + full.twice + full.problems.length === 0 && normal.refused + normal.lost > 0;
}

async function losses(
  synchronous: string,
  states: number,
  seed: number,
): Promise<LossFigures & { calls: number }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'farthing-load-')));
  try {
    const program = [process.execPath, LOAD, folder, String(BATCHES), synchronous];
    const events = await recordCalls(program, folder);
    return { calls: events.length, ...(await examineLosses(events, { states, seed })) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lossLines(title: string, figures: LossFigures & { readonly calls: number }): string[] {
  const { calls, states, torn, refused, lost, twice } = figures;
  return [
    `${title}: ${states} states of a disk, out of ${calls} recorded calls`,
    `  unsynced    something in ${torn} of them`,
    `  refused     ${refused} as damaged`,
    `  lost        ${lost}`,
    `  twice       ${twice}`,
  ];
}

async function disk(): Promise<boolean> {
  const reason = whyNoSmallDisk();
  if (reason !== undefined) {
    console.log(`full disk: not tried: ${reason}`);
    return true;
  }
  const { isGood, text } = runOnSmallDisk();
  console.log(`full disk:\n${text.replaceAll(/^/gm, '  ')}`);
  return isGood;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      part: { type: 'string' },
      rounds: { type: 'string', default: '100' },
      states: { type: 'string', default: '1000' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const options: Options = {
    rounds: count(values.rounds, 'rounds'),
    states: count(values.states, 'states'),
    seed: seedOf(values.seed),
  };
  const names = values.part === undefined ? Object.keys(PARTS) : [values.part];
  console.log(`seed ${options.seed}`);
  let isGood = true;
  for (const name of names) {
    const part = PARTS[name];
    if (part === undefined) {
      throw new RangeError(`there is no part ${name}`);
    }
    isGood = (await part(options)) && isGood;
  }
  if (!isGood) {
    console.log(`NOT as it must be; again: npm run -s crash -- --seed ${options.seed}`);
  }
  return isGood ? 0 : 1;
}

await runCommand(HELP, main);
