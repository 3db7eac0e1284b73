import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createIdentity, loadIdentity, openIdentity } from '../../src/profile/index.ts';
import { temporaryFolder } from '../client/support/fixtures.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

test('a new identity is a file of its owner alone, in a folder of its owner alone, and is read back', async (t) => {
  const folder = join(temporaryFolder(t), 'profiles', 'default');
  assert.equal(await loadIdentity(folder), undefined);
  const keys = await createIdentity(folder);
  assert.deepEqual(await loadIdentity(folder), keys);
  assert.deepEqual(await openIdentity(folder), keys);
  assert.match(readFileSync(join(folder, 'key'), 'latin1'), /^[0-9a-f]{64}\n$/);
  assert.deepEqual(
    [mode(join(folder, 'key')), mode(folder), mode(join(folder, '..'))],
    [0o600, 0o700, 0o700],
  );
  assert.deepEqual(readdirSync(folder), ['key']);
});

test('an identity is never overwritten', async (t) => {
  const folder = temporaryFolder(t);
  const keys = await createIdentity(folder);
  await assert.rejects(createIdentity(folder), { name: 'ProfileError', code: 'exists' });
  assert.deepEqual(await loadIdentity(folder), keys);
  assert.deepEqual(readdirSync(folder), ['key']);
});

test('processes that make it at once all get the same', async (t) => {
  const folder = temporaryFolder(t);
  const all = await Promise.all(Array.from({ length: 8 }, () => openIdentity(folder)));
  for (const keys of all) {
    assert.deepEqual(keys, all[0]);
  }
});

for (const bits of [0o644, 0o640, 0o602]) {
  test(`a key that others may touch is refused: ${bits.toString(8)}`, async (t) => {
    const folder = temporaryFolder(t);
    await createIdentity(folder);
    chmodSync(join(folder, 'key'), bits);
    const path = join(folder, 'key');
    await assert.rejects(loadIdentity(folder), { name: 'ProfileError', code: 'exposed', path });
    await assert.rejects(openIdentity(folder), { code: 'exposed' });
  });
}

for (const text of ['', 'no key', `${'0'.repeat(63)}\n`, `${'0'.repeat(66)}\n`, 'g'.repeat(64)]) {
  test(`a damaged key is refused and left as it is: ${JSON.stringify(text)}`, async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'key'), text, { mode: 0o600 });
    await assert.rejects(openIdentity(folder), { name: 'ProfileError', code: 'damaged' });
    assert.equal(readFileSync(join(folder, 'key'), 'latin1'), text);
  });
}

test('what cannot be read or written is said with its path', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'key'));
  await assert.rejects(loadIdentity(folder), { code: 'io', path: join(folder, 'key') });
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(createIdentity(join(folder, 'file')), { code: 'io' });
});
