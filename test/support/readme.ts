import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SRC = join(import.meta.dirname, '../../src');

/** The files that the tables of a room's README are about: those in the first column of a row. */
export function filesInReadme(room: string): string[] {
  const rows = readFileSync(join(SRC, room, 'README.md'), 'utf8').matchAll(/^\| (`[^|]+\.ts`) \|/gm);
  return Array.from(rows, ([, first = '']) =>
    Array.from(first.matchAll(/`([^`]+\.ts)`/g), ([, file = '']) => file),
  )
    .flat()
    .sort();
}

/** The files of a room, without its door. */
export function filesOf(room: string): string[] {
  return globSync('**/*.ts', { cwd: join(SRC, room) })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file !== 'index.ts')
    .sort();
}
