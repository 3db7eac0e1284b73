// The hub is a function of what it has been told and of the times that it was told: nothing in it looks at a
// clock, draws a number, or asks the process.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BEGINNING, batches, Crowd } from './support/steps.ts';
import { DISK_FULL, Town } from './support/town.ts';

test('the same batches at the same times: the same outputs, events, counts and people online', async (t) => {
  await fc.assert(
    fc.asyncProperty(batches, fc.nat(5_000), async (sequence, pause) => {
      const live = async (): Promise<unknown[]> => {
        const town = await Town.open(t, { gateways: 2 });
        const crowd = new Crowd(town);
        const said: unknown[] = [];
        for (const { steps, fails } of [{ steps: BEGINNING, fails: false }, ...sequence]) {
          town.commitError = fails ? DISK_FULL : undefined;
          town.now += pause;
          const batch = steps.flatMap((step) => crowd.inputs(step));
          said.push(await town.hub.execute(batch, town.now), town.hub.reading(), town.hub.onlineNames);
        }
        return said;
      };
      assert.deepEqual(await live(), await live());
    }),
    { numRuns: 25 },
  );
});

describe('the files of src/hub', () => {
  const ROOM = join(import.meta.dirname, '../../src/hub');
  const files = globSync('**/*.ts', { cwd: ROOM });

  /** What brings the time, chance, the process or another thread into a program without an import. */
  const OUTSIDE = [
    'AbortSignal',
    'Atomics',
    'Buffer',
    'Date',
    'Math.random',
    'SharedArrayBuffer',
    'console',
    'crypto',
    'fetch',
    'globalThis',
    'performance',
    'process',
    'queueMicrotask',
    'setImmediate',
    'setInterval',
    'setTimeout',
  ];
  const named = new RegExp(`(?<![.\\w'#])(?:${OUTSIDE.join('|').replaceAll('.', '\\.')})\\b(?!')`, 'g');

  for (const file of files) {
    test(`${file}: no clock, chance, timer, thread or process`, () => {
      const code = readFileSync(join(ROOM, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      assert.deepEqual(code.match(named) ?? [], []);
    });
  }

  test('are looked through', () => {
    assert.ok(files.length > 30);
    assert.deepEqual('const at = Date.now() + Math.random();'.match(named), ['Date', 'Math.random']);
  });
});
