/**
 * Words as a POSIX shell reads them: a command that is shown can be pasted there, and is what it looks like.
 */
import { printable } from '../../text/printable.ts';

/** Characters that no shell treats in a special way. */
const PLAIN = /^[A-Za-z0-9_@:,./+-]+$/;

/** The words as one command. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** `--name value`; a value that looks like an option itself needs the other form, `--name=value`. */
export function shellOption(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** One word, quoted where it has to be. What may not be sent to a terminal is an octal escape of printf. */
function shellWord(text: string): string {
  if (PLAIN.test(text)) {
    return text;
  }
  if (printable(text) === text) {
    return `'${text.replaceAll("'", `'\\''`)}'`;
  }
  const format = [...text].map((character) => (isFormat(character) ? character : octal(character))).join('');
  return `"$(printf '${format}')"`;
}

/** May a character stand as it is in a format of printf, inside quotation marks of both kinds? */
function isFormat(character: string): boolean {
  return character > '~' ? printable(character) === character : /[A-Za-z0-9 ]/.test(character);
}

function octal(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
