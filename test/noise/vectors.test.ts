import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readEntries } from '../vectors/format.ts';
import { generated } from '../vectors/generated.ts';
import { replay } from '../vectors/replay.ts';
import { isSupported } from '../vectors/verification.ts';
import { BACKENDS, native, noble } from './support/backends.ts';
import { PATTERN_NAMES } from './support/internals.ts';

const FOLDER = join(import.meta.dirname, '../vectors');

const PUBLISHED = ['cacophony.txt', 'snow.txt', 'flynn.txt', 'libp2p-xxhfs.json'];
const OURS = ['noise-handshakes.json', 'noise-rekey.json', 'noise-refusals.json'];

function read(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

for (const file of [...PUBLISHED, ...OURS]) {
  const entries = readEntries(read(file));
  const backends = file === 'libp2p-xxhfs.json' || OURS.includes(file) ? BACKENDS : [noble, native];

  test(`${file} has vectors, and none that would be skipped`, () => {
    assert.ok(entries.length > 0);
    assert.deepEqual(
      entries.filter(({ name }) => !isSupported(name)),
      [],
    );
  });

  for (const backend of backends) {
    describe(`${file} on ${backend.description}`, () => {
      for (const entry of entries) {
        test(`${entry.title} ${entry.name}`, () => replay(entry, backend));
      }
    });
  }
}

test('published vectors have every pattern of the table with every hash', () => {
  const names = new Set(PUBLISHED.flatMap((file) => readEntries(read(file)).map(({ name }) => name)));
  for (const pattern of PATTERN_NAMES) {
    for (const hash of ['SHA256', 'SHA512', 'BLAKE2s', 'BLAKE2b']) {
      assert.ok(names.has(`Noise_${pattern}_25519_ChaChaPoly_${hash}`), `${pattern} ${hash}`);
    }
  }
});

describe('what is generated is what is kept', () => {
  const files = generated();
  assert.deepEqual([...files.keys()].sort(), [...OURS].sort());
  for (const [file, text] of files) {
    test(file, () => assert.ok(text === read(file), 'run test/vectors/generate.ts'));
  }
});
