/**
 * Whatever other people wrote (names, memos, chat, a server's texts) passes here before it reaches a terminal
 * or a log. What would move the cursor, reorder or hide text is shown as what it is, `\u{202e}`, and never
 * sent on.
 */

// Controls (C0, DEL, C1), format characters (bidi, zero-width, tags), lone surrogates, private use, what is
// not assigned yet and so may be any of these in a terminal that is newer than we are, line and paragraph
// separators, and what fonts draw as nothing (Hangul fillers and the like). Variation selectors alone are let
// through: they only choose how the character before them looks. Combining marks are drawn over their
// neighbours: a mark at the beginning would change a character of ours, and a tower of more than 6 reaches
// into other lines. No script needs so many.
const UNSAFE =
  /[[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\u{fe00}-\u{fe0f}]]|^\p{M}|(?<=\p{M}{6})\p{M}/gv;

/** The text with every unsafe character shown as `\u{hex}`, so always one line. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * {@link printable} in quotation marks, for a text within a sentence; a quotation mark inside cannot end it.
 */
export function quoted(text: string): string {
  return `"${printable(text).replaceAll('"', '\\"')}"`;
}

/** One line of JSON: the document is the same to any reader of JSON, and safe on a terminal. */
export function printableJson(document: unknown): string {
  return safeJson(JSON.stringify(document));
}

/** {@link printableJson} of what is written as JSON already. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, unit) => `\\u${hex4(character.charCodeAt(unit))}`).join(''),
  );
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function hex4(unit: number): string {
  return unit.toString(16).padStart(4, '0');
}
