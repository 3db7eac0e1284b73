import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFileSync } from '../../../system/files.ts';
import { userFolder } from '../../../system/folders.ts';
import { MAX_HISTORY_LINES } from '../../limits.ts';
import { commandIn } from './line.ts';

/**
 * The commands typed before, for the arrow keys. What people write to each other is never kept: neither chat,
 * nor the memo of a payment, nor a line that was not understood and may have been meant for somebody. Nothing
 * depends on the file: where it cannot be read or written there is less history.
 */
export class CommandHistory {
  readonly #path: string | undefined;
  readonly #lines: string[];

  constructor(path: string | undefined = commandHistoryFile()) {
    this.#path = path;
    this.#lines = [];
    for (const line of read(path)) {
      this.add(line);
    }
  }

  /** Newest first, as readline wants them. */
  newestFirst(): string[] {
    return this.#lines.toReversed();
  }

  /** Remembers what of a line may be remembered. The same again is remembered once, as the newest. */
  add(typed: string): void {
    const line = commandIn(typed);
    if (line === undefined) {
      return;
    }
    const known = this.#lines.indexOf(line);
    if (known !== -1) {
      this.#lines.splice(known, 1);
    }
    this.#lines.push(line);
    if (this.#lines.length > MAX_HISTORY_LINES) {
      this.#lines.shift();
    }
  }

  /** Writes the file, whole or not at all. */
  save(): void {
    if (this.#path === undefined || this.#lines.length === 0) {
      return;
    }
    try {
      replaceFileSync(this.#path, `${this.#lines.join('\n')}\n`);
    } catch {
      // Nothing depends on it.
    }
  }
}

/**
 * `$XDG_STATE_HOME/farthing/history`, or `~/.local/state/farthing/history`; undefined where there is no such
 * folder.
 */
export function commandHistoryFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = userFolder('state', 'farthing', env);
  return folder === undefined ? undefined : join(folder, 'history');
}

function read(path: string | undefined): string[] {
  if (path === undefined) {
    return [];
  }
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
