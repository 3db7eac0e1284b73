// `farthing/link` as another program has it: installed as a package, with the example of the README as it
// stands there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const TSC = join(ROOT, 'node_modules/.bin/tsc');

/** A folder of somebody's own, in which the package is installed. */
let folder: string;

/** What a program prints; early versions of Node 24 warn on the other channel that they strip types. */
function run(command: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { status, output: stdout };
}

/** The example in the README's section on the library. */
function example(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, section] = readme.split(/^## As a library$/m);
  assert.ok(section !== undefined, 'README.md has a section "As a library"');
  const examples = [...section.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  return (
    examples.find((code) => code.includes("'farthing/link'")) ?? assert.fail('no example of farthing/link')
  );
}

/** Builds the room of the link, and what it needs, as the package's `dist`. */
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'farthing-library-'));
  const installed = join(folder, 'node_modules/farthing');
  mkdirSync(installed, { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const build = {
    extends: join(ROOT, 'src/tsconfig.json'),
    compilerOptions: {
      rootDir: join(ROOT, 'src'),
      outDir: join(installed, 'dist'),
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    files: [join(ROOT, 'src/link/index.ts')],
    include: [],
  };
  writeFileSync(join(folder, 'build.json'), JSON.stringify(build));
  assert.deepEqual(run(TSC, ['-p', 'build.json']), { status: 0, output: '' });
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the example of the README type-checks, runs, prints the echo and ends', () => {
  writeFileSync(join(folder, 'echo.ts'), example());
  const check = {
    compilerOptions: { strict: true, module: 'nodenext', target: 'es2024', types: ['node'], noEmit: true },
    files: ['echo.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(check));
  assert.deepEqual(run(TSC, []), { status: 0, output: '' });
  const { status, output } = run(process.execPath, ['echo.ts']);
  assert.deepEqual({ status, output }, { status: 0, output: 'An echo that nobody else can read.\n' });
});

test('farthing/link has what a program needs, and no other room', () => {
  const code = "import * as link from 'farthing/link'; console.log(Object.keys(link).join(' '));";
  writeFileSync(join(folder, 'names.js'), code);
  const { output } = run(process.execPath, ['names.js']);
  for (const name of [
    'connect',
    'listen',
    'generateKeyPair',
    'keyPairFromSecret',
    'Link',
    'LinkError',
    'MAX_MESSAGE',
  ]) {
    assert.ok(output.split(/\s/).includes(name), `${name} in ${output}`);
  }
});
