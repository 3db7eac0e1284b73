import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { circles, importsBetween, importsOf } from '../frame/imports.ts';

const LEDGER = 'src/ledger';

describe('the folders of the ledger', () => {
  const graph = importsOf(join(import.meta.dirname, '../..'), [LEDGER]);

  test('use each other in one direction, and so do their files', () => {
    assert.deepEqual(circles(graph), []);
    // The seams and the limits lie between the folders, each by itself.
    const folders = importsBetween(graph, (file) => (dirname(file) === LEDGER ? file : dirname(file)));
    assert.ok(folders.size > 8);
    assert.deepEqual(circles(folders), []);
  });

  test('know of SQLite only how to make an archive', () => {
    const isInside = (file: string) => file.startsWith(`${LEDGER}/sqlite/`);
    const entries = [...graph].flatMap(([file, targets]) =>
      isInside(file) ? [] : [...targets].filter(isInside).map((target) => `${file} -> ${target}`),
    );
    assert.deepEqual(entries, [`${LEDGER}/index.ts -> ${LEDGER}/sqlite/archive.ts`]);
  });
});
