import { DEFAULT_COLUMNS, MIN_COLUMNS } from './limits.ts';

/** Cells that may be painted once they are padded: colours have no width, so padding comes first. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/** Rows as lines, every column as wide as its widest cell, two blanks between. `right`: columns that end at the same place. */
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
 * Folds a text that someone else wrote, so that each line after the first begins with `indent`: no width of terminal
 * lets a part of it stand at the beginning of a line, where our own words stand.
 */
export function fold(text: string, indent: string, width: number | undefined): string[] {
  const room = Math.max(width ?? DEFAULT_COLUMNS, MIN_COLUMNS) - 1;
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const wide = cellsOf(segment);
    if (used + wide > room) {
      lines.push(line);
      line = indent;
      used = indent.length;
    }
    line += segment;
    used += wide;
  }
  return [...lines, line];
}

/** Cells of a terminal that a character takes: at most two, and taking two for one only folds a little early. */
function cellsOf(segment: string): number {
  return /^[ -~]$/.test(segment) ? 1 : 2;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
