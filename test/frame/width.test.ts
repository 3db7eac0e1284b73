// The formatter keeps code within the width that .biome.json declares; comments it leaves as they are.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

const { formatter } = JSON.parse(readFileSync(join(ROOT, '.biome.json'), 'utf8')) as {
  formatter: { lineWidth: number };
};

test(`no comment is wider than ${formatter.lineWidth} columns`, () => {
  const files = globSync(['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'], { cwd: ROOT });
  assert.ok(files.length > 500, 'the tree was read');
  const wide = files.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        /^\s*(\/\/|\/?\*)/.test(line) && line.length > formatter.lineWidth ? [`${file}:${at + 1}`] : [],
      ),
  );
  assert.deepEqual(wide, []);
});
