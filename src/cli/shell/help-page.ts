/** What the pages of `--help` of both programs are made of. */

import { columns } from '../text/columns.ts';
import type { OptionTable } from './arguments.ts';

/** A command as the help shows it. */
export interface DescribedCommand {
  readonly name: string;
  /** What it needs after its name, as the help writes it. `...` marks the last one that may be many. */
  readonly words: readonly string[];
  /** One line. */
  readonly summary: string;
  readonly examples: readonly [string, ...string[]];
  /** More lines of help. */
  readonly details: readonly string[];
  /** The shape of its JSON. Keys are never renamed or removed. */
  readonly json: readonly string[];
}

/** The page of one command. `usage`: the whole line that one types. */
export function commandPage(command: DescribedCommand, usage: string, options: OptionTable): string {
  const { examples, summary, details, json } = command;
  return page([
    ...examples.map((example, index) => `${index === 0 ? 'Example: ' : '         '}${example}`),
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...details,
    '',
    `Usage: ${usage}`,
    '',
    'Options:',
    ...optionLines(options),
    ...(json.length === 0 ? [] : ['', 'With --json:', ...json.map((line) => `  ${line}`)]),
  ]);
}

/** A line for each option. */
export function optionLines(table: OptionTable): string[] {
  return columns(
    Object.entries(table).map(([name, { short, value, help }]) => [
      `  ${short === undefined ? '   ' : `-${short},`} --${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  );
}

/** Lines as a page that ends with a line feed. */
export function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
