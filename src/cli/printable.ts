/**
 * Whatever other people wrote (names, memos, chat, a server's texts) passes here before it reaches a terminal or a log.
 * What would move the cursor, reorder or hide text is shown as what it is, `\u{202e}`, and never sent on.
 */

// Controls (C0, DEL, C1), format characters (bidi, zero-width, tags), line and paragraph separators, lone surrogates,
// private use, non-characters, and what fonts draw as nothing (Hangul fillers and the like).
// Variation selectors alone are let through: they only choose how the character before them looks.
const UNSAFE =
  /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]--[\u{fe00}-\u{fe0f}]]/gv;

/** The text with every unsafe character shown as `\u{hex}`, so always one line. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/** {@link printable} in quotation marks, for a text within a sentence; a quotation mark inside cannot end it. */
export function quoted(text: string): string {
  return `"${printable(text).replaceAll('"', '\\"')}"`;
}

/** One line of JSON: the document is the same to any reader of JSON, and safe on a terminal. */
export function printableJson(document: unknown): string {
  return JSON.stringify(document).replace(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, unit) => `\\u${hex4(character.charCodeAt(unit))}`).join(''),
  );
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function hex4(unit: number): string {
  return unit.toString(16).padStart(4, '0');
}
