import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configFolder, loadProfile, profileFolder, saveProfile } from '../../src/profile/index.ts';
import { temporaryFolder } from '../client/support/fixtures.ts';

test('the folders follow XDG, and a relative XDG_CONFIG_HOME is ignored', () => {
  assert.equal(configFolder({ XDG_CONFIG_HOME: '/x' }), '/x/farthing');
  for (const env of [{}, { XDG_CONFIG_HOME: '' }, { XDG_CONFIG_HOME: 'x' }]) {
    assert.equal(configFolder({ ...env, HOME: '/h' }), '/h/.config/farthing');
  }
  assert.equal(profileFolder('work', { XDG_CONFIG_HOME: '/x' }), '/x/farthing/profiles/work');
});

for (const name of ['', '.', '..', '../x', 'a/b', 'a\0b', '.hidden', ' ', 'x'.repeat(65)]) {
  test(`no name for a profile: ${JSON.stringify(name)}`, () => {
    assert.throws(() => profileFolder(name), { name: 'ProfileError', code: 'bad_name', path: name });
  });
}

test('a profile is empty at first, and is replaced whole', async (t) => {
  const folder = join(temporaryFolder(t), 'p');
  assert.deepEqual(await loadProfile(folder), {});
  await saveProfile(folder, { name: 'alice', server: 'localhost:1960' });
  assert.deepEqual(await loadProfile(folder), { name: 'alice', server: 'localhost:1960' });
  await saveProfile(folder, { server: 'example.org' });
  const { name, server } = await loadProfile(folder);
  assert.deepEqual([name, server], [undefined, 'example.org']);
  assert.deepEqual(readdirSync(folder), ['profile.json']);
  assert.equal(statSync(join(folder, 'profile.json')).mode & 0o777, 0o600);
});

for (const text of ['', '{', '[]', 'null', '"x"', '{"name":1}', '{"server":null}']) {
  test(`a damaged profile says which file: ${text}`, async (t) => {
    const folder = temporaryFolder(t);
    const path = join(folder, 'profile.json');
    writeFileSync(path, text);
    await assert.rejects(loadProfile(folder), { name: 'ProfileError', code: 'damaged', path });
  });
}
