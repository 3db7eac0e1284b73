import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Target } from '../target.ts';
import { channel } from './channel.ts';
import { commands } from './commands.ts';
import { gate } from './gate.ts';
import { hub } from './hub.ts';
import { opening } from './opening.ts';
import { record } from './record.ts';

/** Every target, by its name. */
export const TARGETS: ReadonlyMap<string, Target> = new Map(
  [opening, record, channel, gate, commands, hub].map((target) => [target.name, target]),
);

/**
 * The target of a name, or the `target` that a file exports: one that is being written, or that breaks on
 * purpose.
 * @throws RangeError for a name that no target has
 */
export async function loadTarget(name: string): Promise<Target> {
  const target = TARGETS.get(name);
  if (target !== undefined) {
    return target;
  }
  if (!name.endsWith('.ts')) {
    throw new RangeError(`no target ${name}`);
  }
  const file = (await import(pathToFileURL(resolve(name)).href)) as { target: Target };
  return file.target;
}
