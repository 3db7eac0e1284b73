// The doc comments of what the library exports: each export has one, each function and method an example, and
// each example is checked by the compiler and run. An example is a block of ```ts behind `@example`. It may
// use what `Around` has without having made it; what it prints must be what the comments behind its
// `console.log` say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { Leftovers, newFolder } from '../support/programs.ts';
import { Around, NAMES, Town } from './support/around.ts';
import './support/from-source.ts';
import { publicApi } from './support/public-api.ts';

const ROOT = join(import.meta.dirname, '../..');
const SUPPORT = join(import.meta.dirname, 'support');

/** What a module made of an example exports. */
type Example = (around: Around, console: { log: (...values: unknown[]) => void }) => Promise<void>;

const api = publicApi();
const documented = Object.values(api).flat();
/** Of each name, as both entry points have some of the same, every example once. */
const examples = new Map(
  documented.flatMap(({ name, examples }) =>
    examples.map((code, at) => [examples.length > 1 ? `${name} ${at + 1}` : name, code] as const),
  ),
);

const leftovers = new Leftovers();
const folder = newFolder(leftovers);
after(() => leftovers.clear());

function fileOf(name: string): string {
  return join(folder, `${name.replaceAll(' ', '-')}.ts`);
}

/** A module that exports the example as a function. */
function moduleOf(code: string): string {
  const imports = [...code.matchAll(/^import .*?;$/gms)].map(([text]) => text);
  const body = imports.reduce((rest, text) => rest.replace(text, ''), code);
  const uses = NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  return [
    `import type { Around } from '${SUPPORT}/around.ts';`,
    ...imports,
    "export async function example(around: Around, console: Pick<Console, 'log'>): Promise<void> {",
    ...uses.map((name) => `const ${name} = await around.${name}();`),
    '{',
    body,
    '}}',
  ].join('\n');
}

/** What the comments behind its lines of `console.log` say that it prints. */
function promised(code: string): string[] {
  return [...code.matchAll(/\bconsole\.log\(.*\);(?: \/\/ (.*))?$/gm)].map(([line, says]) => {
    assert.ok(says !== undefined, `a comment says what this prints: ${line}`);
    return says;
  });
}

for (const [entry, all] of Object.entries(api)) {
  test(`${entry}: every export, and every member of one, has a doc comment`, () => {
    const names = all.map(({ name }) => name);
    assert.ok(names.includes('Link.send'), 'members are among them');
    assert.deepEqual(
      all.filter(({ text }) => text === '').map(({ name }) => name),
      [],
    );
  });

  test(`${entry}: every function and every method of a class has an example`, () => {
    const called = all.filter((one) => one.called);
    assert.ok(
      called.some(({ name }) => name === 'connect') && called.some(({ name }) => name === 'Link.send'),
    );
    assert.deepEqual(
      called.filter((one) => one.examples.length === 0).map(({ name }) => name),
      [],
    );
  });
}

describe('the examples', () => {
  let town: Town;

  before(async () => {
    for (const [name, code] of examples) {
      writeFileSync(fileOf(name), moduleOf(code));
    }
    town = await Town.start();
  });
  after(() => town.stop());

  test('the compiler has nothing against them', () => {
    const compilerOptions = {
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      rewriteRelativeImportExtensions: false,
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['.'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    const tsc = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    assert.deepEqual([tsc.status, tsc.stdout], [0, '']);
  });

  for (const [name, code] of examples) {
    test(name, async () => {
      const { example } = (await import(pathToFileURL(fileOf(name)).href)) as { example: Example };
      const around = new Around(town);
      const printed: string[] = [];
      try {
        await example(around, { log: (...values) => void printed.push(format(...values)) });
        assert.deepEqual(printed, promised(code));
      } finally {
        await around.end();
      }
    });
  }
});
