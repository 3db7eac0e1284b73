// The benchmark suite: see --help.
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Case } from './case.ts';
import { CASES } from './cases.ts';
import { measureAll } from './measure.ts';
import { runProgram } from './program.ts';
import { checkPlace, publish } from './report/publish.ts';
import { type Report, reportText } from './report/result.ts';
import { reportTable, targetTable } from './report/table.ts';
import { judge } from './targets.ts';

/** Rounds: the fewest whose median two disturbed rounds do not move. */
const ROUNDS = 5;
/**
 * Seconds of a round: long enough for hundreds of handshakes, short enough for all cases in a quarter of an
 * hour.
 */
const SECONDS = 0.5;
/** Seconds that a round may be asked to take. */
const LONGEST_S = 600;
const MOST_ROUNDS = 1_000;

const HELP = `npm run -s bench -- [NAME...] [--seconds S] [--rounds N] [--json FILE] [--readme]

  NAME          a case, or several: see --list. All of them when absent
  --seconds S   of a round (${SECONDS})
  --rounds N    measured for each contender, after one that is not (${ROUNDS})
  --json FILE   writes the results there; - is standard output, without the tables
  --readme      keeps the results: bench/results.json, its chart and tables, and the figures in README.md
  --from FILE   measures nothing: shows the results of that file, or keeps them with --readme
  --list        names the cases and their contenders
  --help        this
`;

interface Options {
  readonly cases: readonly Case[];
  readonly seconds: number;
  readonly rounds: number;
  readonly json: string | undefined;
  readonly readme: boolean;
  readonly from: string | undefined;
}

/**
 * The options of the command line, or the text that answers it at once. Throws RangeError or TypeError for
 * wrong usage.
 */
function optionsOf(args: readonly string[]): Options | string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: String(SECONDS) },
      rounds: { type: 'string', default: String(ROUNDS) },
      json: { type: 'string' },
      readme: { type: 'boolean', default: false },
      from: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return HELP;
  }
  if (values.list) {
    return list();
  }
  const unknown = positionals.filter((name) => !CASES.some((asked) => asked.name === name));
  if (unknown.length > 0) {
    throw new RangeError(`no case is called ${unknown.join(' or ')}; there are\n${list()}`);
  }
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds <= LONGEST_S)) {
    throw new RangeError('--seconds takes a number, such as 0.5');
  }
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0 && rounds <= MOST_ROUNDS)) {
    throw new RangeError('--rounds takes a whole number, at least 1');
  }
  if (values.readme && positionals.length > 0) {
    throw new RangeError('--readme takes all cases of one run');
  }
  if (values.from !== undefined && positionals.length > 0) {
    throw new RangeError('--from runs no case');
  }
  const cases = positionals.length === 0 ? CASES : CASES.filter(({ name }) => positionals.includes(name));
  return { cases, seconds, rounds, json: values.json, readme: values.readme, from: values.from };
}

function list(): string {
  return CASES.map(
    ({ name, title, contenders }) =>
      `${name}: ${title}\n    ${contenders.map((contender) => contender.name).join(', ')}\n`,
  ).join('');
}

/** The report of an earlier run. Throws RangeError where there is none. */
function reportIn(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new RangeError(`--from ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** What would only fail at the end of a long run fails before it. Throws RangeError. */
function checkPlaces({ json, readme }: Options): void {
  try {
    if (json !== undefined && json !== '-') {
      closeSync(openSync(json, 'a'));
    }
    if (readme) {
      checkPlace();
    }
  } catch (cause) {
    throw new RangeError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (typeof options === 'string') {
    process.stdout.write(options);
    return 0;
  }
  const { from, json, readme } = options;
  checkPlaces(options);
  const command = ['npm run -s bench --', ...args].join(' ');
  // Shown is what is kept, whose figures are rounded already.
  const report =
    from === undefined
      ? (JSON.parse(reportText(await measureAll({ ...options, command }))) as Report)
      : reportIn(from);
  if (json === '-') {
    process.stdout.write(reportText(report));
  } else {
    if (json !== undefined) {
      writeFileSync(json, reportText(report));
    }
    const parts = [reportTable(report), targetTable(judge(report.results))];
    console.log(parts.filter((part) => part !== '').join('\n\n'));
  }
  if (readme) {
    publish(report);
  }
  return 0;
}

await runProgram(() => main(process.argv.slice(2)));
