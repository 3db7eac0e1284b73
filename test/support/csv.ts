/** The rows of a CSV as RFC 4180 has it. Throws for what is not. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /"((?:[^"]|"")*)"(,|\r\n)|([^",\r\n]*)(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) {
      throw new Error(`no CSV at character ${at}`);
    }
    const [, quoted, afterQuoted, plain, afterPlain] = found;
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if ((afterQuoted ?? afterPlain) === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
