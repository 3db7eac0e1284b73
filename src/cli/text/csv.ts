/** Rows as RFC 4180 has them: fields between commas, quoted where they must be, lines that end with CR LF. */

/**
 * What a spreadsheet would take for a formula, however far from the left it begins (the full-width signs
 * too), and what begins with a sign that some of them pass over. An apostrophe counts so that the first of
 * several can always be taken away.
 */
const FORMULA = /^(?:[\t\r\n']|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;

/** What has to stand in quotation marks. The blanks at either end would be lost to some readers. */
const SPECIAL = /[",\r\n]|^\s|\s$/;

/** One line with its end. */
export function csvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * A text that other people wrote, as a spreadsheet shows it and does not obey it: with an apostrophe before
 * it where it could be taken for a formula. To read it as it was written, take one apostrophe away where
 * there is one.
 */
export function inertText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function csvField(field: string | number): string {
  const text = String(field);
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
