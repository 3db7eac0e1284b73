import { DEFAULT_COLUMNS, MIN_COLUMNS } from '../limits.ts';

/** Cells that may be painted once they are padded: colours have no width, so padding comes first. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/**
 * Rows as lines, every column as wide as its widest cell, two blanks between. `right`: columns that end at
 * the same place.
 */
export function columns(rows: readonly (readonly Cell[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textOf(cell).length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = column === row.length - 1 && !right.includes(column) ? 0 : (widths[column] ?? 0);
        const padded = right.includes(column) ? textOf(cell).padStart(width) : textOf(cell).padEnd(width);
        return typeof cell === 'string' ? padded : padded.replace(cell.text, () => cell.paint(cell.text));
      })
      .join('  ')
      .trimEnd(),
  );
}

/**
 * Folds a text that someone else wrote, so that each line after the first begins with `indent`: no width of
 * terminal lets a part of it stand at the beginning of a line, where our own words stand. Of an indent that
 * would take more than half of the line only the end is used. `width`: columns, undefined where a terminal
 * does not say; without end nothing is folded.
 */
export function fold(text: string, indent: string, width: number | undefined): string[] {
  const room = Math.max(width ?? DEFAULT_COLUMNS, MIN_COLUMNS) - 1;
  const margin = indent.slice(-Math.floor(room / 2));
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const piece of pieces(text, room - margin.length)) {
    const wide = cellsOf(piece);
    if (used + wide > room) {
      lines.push(line);
      line = margin;
      used = margin.length;
    }
    line += piece;
    used += wide;
  }
  return [...lines, line];
}

/**
 * What people take for one character, whole; but some scripts make one of any number of letters, and it may
 * not fit a line.
 */
function* pieces(text: string, room: number): Generator<string> {
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (cellsOf(segment) <= room) {
      yield segment;
    } else {
      yield* segment;
    }
  }
}

/**
 * The most cells that a terminal may give to a text, whatever it knows of emoji and joined letters: two to
 * each code point, one where it is ASCII or a mark on another. Too many only folds a little early.
 */
function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) {
    cells += NARROW.test(character) ? 1 : 2;
  }
  return cells;
}

const NARROW = /^[ -~\p{Mn}\p{Me}]$/u;

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
