import type { Verdict } from '../targets.ts';
import { digits, NONE, percent, times } from './figures.ts';
import type { LeftOut, Machine, Report, Result } from './result.ts';

/** Columns that a table fits into. */
const WIDTH = 100;

const HEADINGS = ['', 'rate', 'spread', 'CPU µs', 'p50 ms', 'p99 ms', 'ratio', 'CPU ratio'];

/** The results for a terminal: a table for each case, then what was left out. */
export function reportTable({ machine, results }: Report): string {
  const byCase = Map.groupBy(results, (result) => result.case);
  const tables = [...byCase.values()].map(caseTable);
  return [machineLines(machine).join('\n'), ...tables, leftOutLines(machine.leftOut)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What it was measured on, in lines for people. */
export function machineLines(machine: Machine): string[] {
  const { backends, memoryBytes, sodiumNative } = machine;
  const memory = `${digits(memoryBytes / 2 ** 30)} GiB`;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${memory}, ${machine.os}`,
    `Node ${machine.node} (V8 ${machine.v8}, OpenSSL ${machine.openssl}), sodium-native ${sodiumNative ?? 'not installed'}`,
    `Farthing ${machine.farthing}, backends: ${backends.native ?? 'no native one'}; ${backends.noble ?? 'no noble'}`,
    `${machine.date.slice(0, 10)}, ${machine.rounds} rounds of ${machine.seconds} s: ${machine.command}`,
  ];
}

function caseTable(results: readonly Result[]): string {
  const [first] = results;
  if (first === undefined) {
    return '';
  }
  const direction = first.better === 'less' ? ', less is better' : '';
  const rows = results.map((result) => [
    `${result.contender === result.reference ? '*' : ' '} ${result.contender}`,
    digits(result.rate),
    percent(result.spread),
    digits(result.serverCpuUs),
    digits(result.p50Ms),
    digits(result.p99Ms),
    times(result.ratio),
    times(result.cpuRatio),
  ]);
  return [
    `${first.case}: ${first.title}`,
    `  ${first.unit}${direction}`,
    ...aligned([HEADINGS, ...rows]),
  ].join('\n');
}

/**
 * Rows of cells as lines: the first column to the left, the others to the right; a column without a figure is
 * left out.
 */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const [headings = [], ...body] = rows;
  const kept = headings.map((_, column) => body.some((row) => (row[column] ?? NONE) !== NONE));
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return cells
      .filter((_, column) => kept[column])
      .join('  ')
      .slice(0, WIDTH)
      .trimEnd();
  });
}

function leftOutLines(leftOut: readonly LeftOut[]): string {
  return leftOut
    .map(({ case: name, contender, reason }) => `${name}: without ${contender}: ${reason}`)
    .join('\n');
}

/** The targets for a terminal, each as met or missed; empty when none was measured. */
export function targetTable(verdicts: readonly Verdict[]): string {
  const measured = verdicts.filter(({ value }) => value !== null);
  if (measured.length === 0) {
    return '';
  }
  const rows = measured.map(({ target, shown, rate, bound, outcome }) => [
    target.text,
    shown,
    rate || NONE,
    bound,
    outcome,
  ]);
  return ['Targets', ...aligned([['', 'is', 'rate', 'wanted', ''], ...rows])].join('\n');
}
