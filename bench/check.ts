// Has anything become slower than it was? See --help.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from './case.ts';
import { CASES } from './cases.ts';
import { measureAll } from './measure.ts';
import { runProgram } from './program.ts';
import { changes, changeTable } from './report/comparison.ts';
import { type Report, reportText } from './report/result.ts';
import { LINK_CASES } from './targets.ts';

const BASELINE = join(import.meta.dirname, 'baseline.json');

/** What a change would show in: every path that carries a message or a payment, and memory. */
const WATCHED = [...LINK_CASES, 'start'];

/** Rounds and their seconds: all of it takes less than three minutes. */
const ROUNDS = 5;
const SECONDS = 0.5;

const HELP = `npm run -s bench:check -- [--baseline]

Measures the main cases shortly, and compares Farthing's ratios to the references with those of bench/baseline.json.
What differs by more than the rounds of both runs lie apart is worse or better. Ends with 1 if anything is worse.

  --baseline  writes bench/baseline.json instead: on the machine on which it is to be compared
  --help      this
`;

/**
 * The watched cases with Farthing's own contenders and what they are compared with; noble would take most of
 * the time.
 */
function watchedCases(): Case[] {
  return CASES.filter(({ name }) => WATCHED.includes(name)).map((asked) => ({
    ...asked,
    contenders: asked.contenders.filter(
      ({ name }) => name === asked.reference || (name.startsWith('farthing') && name !== 'farthing-noble'),
    ),
  }));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      baseline: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!values.baseline && !existsSync(BASELINE)) {
    throw new RangeError('there is no bench/baseline.json: npm run -s bench:check -- --baseline');
  }
  const command = `npm run -s bench:check --${values.baseline ? ' --baseline' : ''}`;
  const report = await measureAll({ cases: watchedCases(), seconds: SECONDS, rounds: ROUNDS, command });
  if (values.baseline) {
    writeFileSync(BASELINE, reportText(report));
    console.log('bench/baseline.json is written');
    return 0;
  }
  return compare(JSON.parse(readFileSync(BASELINE, 'utf8')), report);
}

function compare(before: Report, now: Report): number {
  const all = changes(before.results, now.results);
  console.log(changeTable(all));
  const place = ({ machine }: Report): string =>
    [machine.cpu, `${machine.cores} cores`, `Node ${machine.node}`, machine.backends.native].join(', ');
  if (place(before) !== place(now)) {
    console.log(`\nThe baseline is of another place: ${place(before)}\nThis is ${place(now)}`);
  }
  const worse = all.filter(({ outcome }) => outcome === 'worse').length;
  console.log(worse === 0 ? '\nNothing is worse.' : `\n${worse} of ${all.length} are worse.`);
  return worse === 0 ? 0 : 1;
}

await runProgram(main);
