import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../targets.ts';
import { chart } from './chart.ts';
import { APART, fullTables, summary, withFigures } from './markdown.ts';
import { type Report, reportText } from './result.ts';

const BENCH = join(import.meta.dirname, '..');
const README = join(BENCH, '../README.md');

/** Throws Error when the README has no place for figures. */
export function checkPlace(): void {
  withFigures(readFileSync(README, 'utf8'), '');
}

/**
 * Keeps the results beside the suite, and shows them in the README. Throws Error when that has no place for
 * them.
 */
export function publish(report: Report): void {
  const readme = withFigures(readFileSync(README, 'utf8'), summary(report, judge(report.results)));
  const pictured = report.results.filter((result) => !APART.test(result.case));
  writeFileSync(join(BENCH, 'results.json'), reportText(report));
  writeFileSync(join(BENCH, 'results.svg'), chart(pictured));
  writeFileSync(join(BENCH, 'results.md'), fullTables(report));
  writeFileSync(README, readme);
}
