import { COMMAND_WORDS, parseLine } from './line.ts';

/** What readline wants: what the last word may become, and that word. */
export type Completions = [hits: string[], word: string];

/** How the line may go on. `names`: who can be meant, such as everybody online. */
export function complete(line: string, names: Iterable<string>): Completions {
  const words = line.trimStart().split(/\s+/);
  const word = words.at(-1) ?? '';
  if (words.length === 1 && word.startsWith('@')) {
    return [
      beginning(
        word,
        [...names].map((name) => `@${name}`),
      ),
      word,
    ];
  }
  if (words.length === 1) {
    return [beginning(word, COMMAND_WORDS), word];
  }
  const isName = words.length === 2 && takesName(words[0] ?? '');
  return [isName ? beginning(word, [...names]) : [], word];
}

/**
 * Is what follows this word somebody's name? One to register is nobody's yet, and behind `@bob` stands what
 * is said.
 */
function takesName(word: string): boolean {
  const line = parseLine(`${word} somebody`);
  return line.do !== 'register' && line.do !== 'say' && ('name' in line || 'to' in line);
}

/** With a blank behind, so that typing can go on. */
function beginning(word: string, candidates: readonly string[]): string[] {
  const typed = word.toLowerCase();
  return candidates
    .filter((candidate) => candidate.startsWith(typed))
    .sort()
    .map((candidate) => `${candidate} `);
}
