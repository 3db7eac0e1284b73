import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { protocolOf } from '../../src/noise/index.ts';
import { filesInReadme, filesOf } from '../support/readme.ts';

const README = readFileSync(new URL('../../src/noise/README.md', import.meta.url), 'utf8');

describe('src/noise/README.md says what the code does', () => {
  test('the table of files has them all, and no other', () => {
    assert.deepEqual(filesInReadme('noise'), filesOf('noise'));
  });

  for (const [name, pattern] of [
    ['Noise_XX_25519_ChaChaPoly_SHA256', 'XX'],
    ['Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256', 'XXhfs'],
  ] as const) {
    test(`the messages of ${pattern}`, () => {
      const [, drawing = ''] = /^```\n(XX: [\s\S]*?)^```$/m.exec(README) ?? [];
      const column = drawing
        .split('\n')
        .map((line) => (pattern === 'XX' ? line.slice(0, 24) : line.slice(24)).trim());
      const drawn = column.slice(1, 4).map((line) => line.replace(/^(->|<-) /, '').split(', '));
      assert.deepEqual(drawn, protocolOf(name).pattern.messages);
      assert.ok(README.includes(name));
    });
  }

  test('the lengths of the suites in the page of the link', () => {
    const page = readFileSync(new URL('../../src/link/README.md', import.meta.url), 'utf8');
    const rows = [
      ...page.matchAll(/^\| `0\d` \| `(Noise_\S+)` \| (\d+) \| (\d+) \+ payload \| (\d+) \+ payload \|$/gm),
    ];
    assert.equal(rows.length, 2);
    for (const [, name = '', ...lengths] of rows) {
      assert.deepEqual(lengths.map(Number), protocolOf(name).emptyLengths, name);
    }
  });
});
