import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file for each target; each line one input, in hex. */
const FOLDER = join(import.meta.dirname, 'corpus');

/** The largest input that is kept, in bytes: the tree is no place for megabytes. */
const MAX_KEPT = 1_024;

/** The kept inputs of a target. */
export function readCorpus(target: string): Uint8Array[] {
  const file = fileOf(target);
  if (!existsSync(file)) {
    return [];
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => new Uint8Array(Buffer.from(line, 'hex')));
}

/** Writes the kept inputs of a target, the short ones first. Returns how many there are. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): number {
  const lines = inputs
    .filter((input) => input.length > 0 && input.length <= MAX_KEPT)
    .map((input) => Buffer.from(input).toString('hex'));
  lines.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  writeFileSync(fileOf(target), lines.map((line) => `${line}\n`).join(''));
  return lines.length;
}

function fileOf(target: string): string {
  return join(FOLDER, `${target}.hex`);
}
