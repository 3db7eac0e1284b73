// The README names what there is: it is easily forgotten when something is added.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS, SERVER_OPTIONS } from '../cli/support/internals.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const README = read('README.md');

function assertNamed(names: readonly string[]): void {
  assert.ok(names.length > 0);
  assert.deepEqual(
    names.filter((name) => !README.includes(name)),
    [],
  );
}

test('every dependency, each with its reason', () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  assertNamed(
    Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).map(
      (name) => `\`${name}\``,
    ),
  );
});

test('every room of the code', () => {
  const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  assertNamed(rooms.map(({ name }) => `\`src/${name}/\``));
});

test('every command for scripts', () => {
  assertNamed(COMMANDS.map(({ name }) => name));
});

test('every option of the server that changes what it does', () => {
  const shown = Object.keys(SERVER_OPTIONS).filter(
    (name) => !['quiet', 'no-color', 'backend', 'help', 'version'].includes(name),
  );
  assertNamed(shown.map((name) => `--${name}`));
});

test('no file that it points to is missing', () => {
  const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
  assertNamed(links);
  for (const path of links) {
    assert.notEqual(read(path), '', path);
  }
});
