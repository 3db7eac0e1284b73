import { COMMAND_WORDS } from './line.ts';

/** The commands whose next word is somebody's name. */
const TAKES_NAME = new Set(['pay', 'p', '4', 'chat', '6', 'befriend', 'unfriend', 'login', 'l', '2']);

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
  if (words.length === 1) return [beginning(word, COMMAND_WORDS), word];
  const takesName = words.length === 2 && TAKES_NAME.has((words[0] ?? '').toLowerCase());
  return [takesName ? beginning(word, [...names]) : [], word];
}

/** With a blank behind, so that typing can go on. */
function beginning(word: string, candidates: readonly string[]): string[] {
  const typed = word.toLowerCase();
  return candidates
    .filter((candidate) => candidate.startsWith(typed))
    .sort()
    .map((candidate) => `${candidate} `);
}
