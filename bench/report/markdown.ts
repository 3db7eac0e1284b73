import type { Verdict } from '../targets.ts';
import { digits, NONE, percent, times } from './figures.ts';
import type { Report, Result } from './result.ts';
import { machineLines } from './table.ts';

/** Between these lines the README holds the figures of the last run that was kept. */
const BEGIN = '<!-- figures: written by npm run -s bench -- --readme -->';
const END = '<!-- end of the figures -->';

/** Names of cases that are left to the full tables: there are many, and they explain more than they show. */
export const APART = /^primitives-/;

/**
 * The README with the figures between its two marks. Throws Error when it does not have both, in order, once.
 */
export function withFigures(readme: string, figures: string): string {
  const [before, rest, ...moreBegins] = readme.split(BEGIN);
  const [, after, ...moreEnds] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined || moreBegins.length > 0 || moreEnds.length > 0) {
    throw new Error(`README.md does not have, once each:\n${BEGIN}\n${END}`);
  }
  return `${before}${BEGIN}\n\n${figures.trim()}\n\n${END}${after}`;
}

/** What the README shows. */
export function summary({ machine, results }: Report, verdicts: readonly Verdict[]): string {
  const { backends } = machine;
  return `Measured on ${escaped(machine.date.slice(0, 10))} with \`${machine.command}\`, ${machine.rounds} rounds of ${machine.seconds} s:
${escaped(machine.cpu)}, ${machine.cores} cores, ${escaped(machine.os)}, Node ${machine.node}, backend ${escaped(backends.native ?? 'noble')}.
The figures of all contenders are in [bench/results.md](bench/results.md).

![How many times the reference's rate, and how many times less server CPU](bench/results.svg)

${comparison(results)}

${targets(verdicts)}`;
}

/** One line for each case: Farthing and its reference. */
function comparison(results: readonly Result[]): string {
  const byCase = Map.groupBy(
    results.filter((result) => !APART.test(result.case)),
    (result) => result.case,
  );
  const rows = [...byCase].map(([name, all]) => {
    const of = (contender: string): Result | undefined =>
      all.find((result) => result.contender === contender);
    const own = of('farthing');
    const reference = of(own?.reference ?? '');
    return [
      `\`${name}\``,
      escaped(all[0]?.title ?? ''),
      `${digits(own?.rate ?? null)} ${escaped(all[0]?.unit ?? '')}`,
      reference === undefined ? NONE : `${digits(reference.rate)} (\`${reference.contender}\`)`,
      times(own?.ratio ?? null),
      times(own?.cpuRatio ?? null),
      times(of('farthing-noble')?.ratio ?? null),
    ];
  });
  return table(['case', '', 'Farthing', 'beside', 'times better', 'by server CPU', 'noble'], rows, 2);
}

function targets(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ target, shown, rate, bound, outcome }) => [
    escaped(target.text),
    bound,
    shown,
    rate === '' ? '' : rate,
    outcome === 'missed' ? '**missed**' : outcome,
  ]);
  return table(['target', 'wanted', 'is', 'by rate', ''], rows, 1);
}

/** Everything: all cases, all contenders. */
export function fullTables({ machine, results }: Report): string {
  const parts = [...Map.groupBy(results, (result) => result.case).values()].map(casePart);
  const leftOut = machine.leftOut.map(
    ({ case: name, contender, reason }) => `- \`${name}\` without \`${contender}\`: ${escaped(reason)}`,
  );
  return [
    '# Benchmark results',
    'Written by `npm run -s bench -- --readme`. The figures are medians over the rounds. Ratios compare with the contender marked *, round by round, and above 1 mean better; spread is the distance between the best and the worst round, as a share of the median.',
    machineLines(machine)
      .map((line) => `- ${escaped(line)}`)
      .join('\n'),
    ...parts,
    ...(leftOut.length === 0 ? [] : [`## Left out\n\n${leftOut.join('\n')}`]),
  ]
    .join('\n\n')
    .concat('\n');
}

function casePart(results: readonly Result[]): string {
  const [first] = results;
  if (first === undefined) {
    return '';
  }
  const rows = results.map((result) => [
    `\`${result.contender}\`${result.contender === result.reference ? ' *' : ''}`,
    escaped(result.detail),
    digits(result.rate),
    percent(result.spread),
    digits(result.serverCpuUs),
    digits(result.p50Ms),
    digits(result.p99Ms),
    digits(result.p999Ms),
    times(result.ratio),
    times(result.cpuRatio),
  ]);
  const headings = [
    '',
    '',
    first.unit,
    'spread',
    'CPU µs',
    'p50 ms',
    'p99 ms',
    'p99.9 ms',
    'ratio',
    'CPU ratio',
  ];
  const less = first.better === 'less' ? ' (less is better)' : '';
  return `## ${first.case}\n\n${escaped(first.title)}${less}\n\n${table(headings, rows, 2)}`;
}

/** A table whose first `left` columns are aligned to the left; columns without a figure are left out. */
function table(headings: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const kept = headings.map((_, column) =>
    rows.some((row) => row[column] !== NONE && row[column] !== '' && row[column] !== undefined),
  );
  const line = (cells: readonly string[]): string => `| ${cells.filter((_, i) => kept[i]).join(' | ')} |`;
  const rule = line(headings.map((_, column) => (column < left ? '---' : '---:')));
  return [line(headings), rule, ...rows.map(line)].join('\n');
}

/** As it is, whatever Markdown or HTML would make of it, on one line. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|~&]/g, (mark) => `\\${mark}`).replace(/\s+/g, ' ');
}
