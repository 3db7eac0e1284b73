import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { importsBetween, importsOf } from '../frame/imports.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Each folder of `src/cli` and those that it may import. What all of them share lies beside them. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  bin: ['member', 'server'],
  member: ['shell', 'text'],
  server: ['shell', 'text'],
  shell: ['text'],
  text: [],
};

test('each folder of src/cli imports only those below it', () => {
  const folders = importsBetween(importsOf(ROOT, ['src/cli']), (file) => file.split('/')[2] ?? '');
  for (const [folder, targets] of folders) {
    if (folder.endsWith('.ts')) {
      continue;
    }
    const others = [...targets].filter((target) => target in BELOW);
    assert.deepEqual(
      others.filter((target) => BELOW[folder]?.includes(target) !== true),
      [],
      folder,
    );
  }
  assert.deepEqual([...folders.keys()].filter((name) => !name.endsWith('.ts')).sort(), Object.keys(BELOW));
});
