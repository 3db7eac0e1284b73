import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { Leftovers, newFolder } from '../support/programs.ts';
import { tarball } from './consumer.ts';
import { pack } from './pack.ts';

const ROOT = join(import.meta.dirname, '../..');

const leftovers = new Leftovers();
after(() => leftovers.clear());

describe('the package', () => {
  let packed: string;
  let unpacked: string;
  /** All that is in it, by their paths. */
  let files: string[];
  const text = (file: string): string => readFileSync(join(unpacked, file), 'utf8');

  before(async () => {
    packed = await tarball(leftovers);
    const folder = newFolder(leftovers);
    execFileSync('tar', ['-xzf', packed, '-C', folder]);
    unpacked = join(folder, 'package');
    files = readdirSync(unpacked, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(unpacked, join(entry.parentPath, entry.name)));
  });

  test('has the same bytes when it is made later, elsewhere, by somebody with another umask', async () => {
    const elsewhere = join(newFolder(leftovers), 'a/longer/path');
    mkdirSync(elsewhere, { recursive: true });
    const umask = process.umask(0o077);
    try {
      const { file } = await pack(elsewhere);
      assert.ok(readFileSync(file).equals(readFileSync(packed)));
    } finally {
      process.umask(umask);
    }
  });

  test('has what is built from the sources, and says what it is, but nothing else', () => {
    const built = globSync('**/*.ts', { cwd: join(ROOT, 'src') }).flatMap((source) => {
      const name = `dist/${source.slice(0, -'.ts'.length)}`;
      return [`${name}.js`, `${name}.d.ts`];
    });
    assert.deepEqual(files.sort(), ['LICENSE', 'README.md', 'package.json', ...built].sort());
  });

  test('says of itself what those who use it need, and nothing of how it is made', () => {
    const manifest = JSON.parse(text('package.json'));
    assert.deepEqual(Object.keys(manifest), [
      ...['name', 'version', 'description', 'license', 'type', 'engines', 'bin', 'exports', 'sideEffects'],
      ...['files', 'dependencies', 'optionalDependencies'],
    ]);
  });

  test('has all that its package.json points to', () => {
    const { bin, exports } = JSON.parse(text('package.json'));
    const paths = [...Object.values(bin), ...Object.values(exports).flatMap(leaves)];
    assert.ok(paths.length >= 7);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(unpacked, String(path)))),
      [],
    );
    for (const program of Object.values(bin)) {
      assert.match(text(String(program)), /^#!\/usr\/bin\/env node\n/);
    }
  });

  test('imports what it declares, and nothing else', async () => {
    const entryPoints = files.filter((file) => file.endsWith('.js')).map((file) => join(unpacked, file));
    const { metafile } = await build({
      ...{ entryPoints, outdir: unpacked, write: false, metafile: true },
      ...{ bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm' },
    });
    const imported = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports.filter(({ external, path }) => external && !isBuiltin(path)))
      .map(({ path }) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'));
    const { dependencies, optionalDependencies } = JSON.parse(text('package.json'));
    assert.deepEqual([...new Set(imported)].sort(), Object.keys(dependencies).sort());
    assert.deepEqual(Object.keys(optionalDependencies), ['sodium-native'], 'which is looked for at run time');
  });

  test('brings the licence of msgpackr, whose reader is part of it', () => {
    const licence = readFileSync(join(ROOT, 'node_modules/msgpackr/LICENSE'), 'utf8').trim();
    assert.ok(text('dist/protocol/msgpack.js').startsWith('/*! @license'));
    assert.ok(text('dist/protocol/msgpack.js').includes(licence));
  });

  test('names no folder of the machine that made it, and no source map', () => {
    const found = files.filter(
      (file) => text(file).includes(ROOT) || text(file).includes('sourceMappingURL='),
    );
    assert.deepEqual(found, []);
  });
});

/** The paths in an entry of `exports`, whatever the conditions. */
function leaves(entry: unknown): unknown[] {
  return entry instanceof Object ? Object.values(entry).flatMap(leaves) : [entry];
}
