import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KnownServers } from '../../src/profile/index.ts';
import { temporaryFolder } from '../client/support/fixtures.ts';
import { LOCK_LIFE_MS } from './support/internals.ts';

const KEY = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);

test('servers are added, found by host in any case and port, listed and removed', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'known_servers.json');
  const servers = new KnownServers(path);
  assert.equal(await servers.find('example.org', 1), undefined);
  await servers.add('Example.org', 1, KEY);
  await servers.add('example.org', 2, OTHER);
  await servers.add('::1', 1, KEY);
  await servers.add('example.org', 1, KEY);
  const again = new KnownServers(path);
  assert.deepEqual(await again.find('EXAMPLE.ORG', 1), KEY);
  assert.deepEqual(await again.find('::1', 1), KEY);
  assert.equal(await again.find('example.org', 3), undefined);
  assert.deepEqual(
    (await again.list()).map(({ host, port }) => [host, port]),
    [
      ['::1', 1],
      ['example.org', 1],
      ['example.org', 2],
    ],
  );
  assert.equal(await again.remove('example.org', 9), 0);
  assert.equal(await again.remove('::1', 1), 1);
  assert.equal(await again.remove('Example.ORG'), 2);
  assert.deepEqual(await servers.list(), []);
  assert.deepEqual(readdirSync(folder), ['known_servers.json']);
});

test('another key never takes the place of the one that is known', async (t) => {
  const servers = new KnownServers(join(temporaryFolder(t), 'known_servers.json'));
  await servers.add('host', 1, KEY);
  await assert.rejects(servers.add('host', 1, OTHER), { name: 'ProfileError', code: 'exists' });
  assert.deepEqual(await servers.find('host', 1), KEY);
});

test('what many add and remove at once is all there', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'known_servers.json');
  await new KnownServers(path).add('old', 1, KEY);
  const ports = Array.from({ length: 8 }, (_, index) => index + 1);
  const added = ports.map((port) => new KnownServers(path).add('new', port, KEY));
  await Promise.all([...added, new KnownServers(path).remove('old')]);
  const known = await new KnownServers(path).list();
  assert.deepEqual(
    known.map(({ host, port }) => [host, port]),
    ports.map((port) => ['new', port]),
  );
  assert.deepEqual(readdirSync(folder), ['known_servers.json']);
});

test('a lock that a crash has left is too old at some time', async (t) => {
  const path = join(temporaryFolder(t), 'known_servers.json');
  const servers = new KnownServers(path);
  const [lock, past] = [`${path}.lock`, new Date(Date.now() - LOCK_LIFE_MS - 1_000)];
  writeFileSync(lock, '');
  utimesSync(lock, past, past);
  await servers.add('host', 1, KEY);
  assert.deepEqual([await servers.find('host', 1), existsSync(lock)], [KEY, false]);
});

test('to forget where nothing is known makes no folder', async (t) => {
  const folder = join(temporaryFolder(t), 'none');
  assert.equal(await new KnownServers(join(folder, 'known_servers.json')).remove('host'), 0);
  assert.equal(existsSync(folder), false);
});

for (const text of ['', '[]', '{"host:1":1}', '{"host:1":"00"}', `{"":"${'0'.repeat(64)}"}`]) {
  test(`a damaged file is said and left as it is: ${text}`, async (t) => {
    const path = join(temporaryFolder(t), 'known_servers.json');
    writeFileSync(path, text);
    const servers = new KnownServers(path);
    await assert.rejects(servers.find('host', 1), { name: 'ProfileError', code: 'damaged', path });
    await assert.rejects(servers.add('host', 1, KEY), { code: 'damaged' });
    await assert.rejects(servers.remove('host'), { code: 'damaged' });
    assert.equal(readFileSync(path, 'utf8'), text);
  });
}
