// What several programs wrote, side by side: a column for each, in the order in which it happened from top to
// bottom.
import { styleText } from 'node:util';

/**
 * One line that a program wrote or, `typed`, that was typed to it. Of two lines, the later one has the higher
 * `order`.
 */
export interface Line {
  readonly text: string;
  readonly typed: boolean;
  readonly order: number;
}

/** Columns between two lanes: a space, the line, a space. */
const GAP = 3;
/** Columns that continued lines are moved in by. */
const INDENT = 2;
/** Narrower lanes would break most words. */
const MIN_LANE = 16;
/** Columns in all, where the terminal's width is not known, and at most: wider, the eye loses the row. */
const DEFAULT_WIDTH = 100;
const MAX_WIDTH = 132;

/** The columns to fill on this standard output. */
export function outputWidth(columns: number | undefined = process.stdout.columns): number {
  return Math.min(columns ?? DEFAULT_WIDTH, MAX_WIDTH);
}

/** The width of one of `count` lanes that share `width` columns. */
export function laneWidth(count: number, width: number): number {
  return Math.max(MIN_LANE, Math.floor((width - GAP * (count - 1)) / count));
}

/**
 * `text` in lines of at most `width` characters, broken at spaces where there are any, continued lines moved
 * in.
 */
export function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = [...text];
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const first = rest.findIndex((character) => character !== ' ');
    const end = space > Math.max(first, INDENT) ? space : width;
    lines.push(rest.slice(0, end).join('').trimEnd());
    const left = rest.slice(end).join('').trimStart();
    rest = [...' '.repeat(INDENT), ...left];
  }
  return [...lines, rest.join('')];
}

/** The heads of the lanes, and the line under them. */
export function heads(names: readonly string[], width: number): string {
  const lane = laneWidth(names.length, width);
  return `${joined(names.map((name) => styleText('bold', name.padEnd(lane))))}\n${rule('┼', names.length, lane)}`;
}

/** Lines in their lanes, none of them above a line that came before it in another lane. */
export function rows(lanes: readonly (readonly Line[])[], width: number): string {
  const lane = laneWidth(lanes.length, width);
  const columns: string[][] = lanes.map(() => []);
  const lines = lanes.flatMap((own, index) => own.map((line) => ({ ...line, index })));
  let now = 0;
  for (const { text, typed, index } of lines.sort((one, other) => one.order - other.order)) {
    const column = columns[index] ?? [];
    now = Math.max(now, column.length);
    while (column.length < now) {
      column.push(' '.repeat(lane));
    }
    column.push(
      ...fold(typed ? `> ${text}` : text, lane).map((part) => painted(part.padEnd(lane), text, typed)),
    );
  }
  const height = Math.max(0, ...columns.map((column) => column.length));
  return Array.from({ length: height }, (_, row) =>
    joined(columns.map((column) => column[row] ?? ' '.repeat(lane))),
  ).join('\n');
}

function painted(padded: string, text: string, typed: boolean): string {
  if (typed) {
    return styleText('cyan', padded);
  }
  if (/FAIL/.test(text)) {
    return styleText('yellow', padded);
  }
  if (/gives you/.test(text)) {
    return styleText('green', padded);
  }
  if (/^(#\d+|\[conn \d+\]) /.test(text)) {
    return styleText('dim', padded);
  }
  return padded;
}

function joined(cells: readonly string[]): string {
  return cells.join(` ${styleText('dim', '│')} `).trimEnd();
}

function rule(crossing: string, count: number, lane: number): string {
  return styleText('dim', Array.from({ length: count }, () => '─'.repeat(lane)).join(`─${crossing}─`));
}
