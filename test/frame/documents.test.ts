// What the documents for contributors say of the tree is so: it is easily forgotten when something moves.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { ROOMS } from './rooms.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENTS = globSync(['.github/*.md', 'src/**/*.md', 'test/**/*.md', 'bench/README.md'], { cwd: ROOT });
const GUIDE = '.github/CONTRIBUTING.md';
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** Words between backticks that can only be a path in the tree; `ROOM` stands for any. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`((?:src|test|bench|\.github|\.typedoc)\/[^\s`]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !path.includes('ROOM'));
}

/** What a document links to in the tree, seen from its root. */
function linksIn(document: string): string[] {
  return [...read(document).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) =>
    relative(ROOT, join(ROOT, dirname(document), link)),
  );
}

for (const document of DOCUMENTS) {
  test(`${document}: no file that it links to is missing`, () => {
    assert.deepEqual(
      linksIn(document).filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
  });
}

test('the guide for contributors: every path that it names is there', () => {
  const paths = pathsIn(read(GUIDE));
  assert.ok(paths.length > 20);
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(ROOT, path))),
    [],
  );
});

test('the guide for contributors: its arrows are those of the table', () => {
  const arrows = [...read(GUIDE).matchAll(/^([a-z, ]+?) +→ (.+)$/gm)].flatMap(([, from = '', to = '']) =>
    from.split(', ').map((room) => [room, to === 'nothing' ? [] : to.split(', ').sort()]),
  );
  assert.deepEqual(
    Object.fromEntries(arrows),
    Object.fromEntries(Object.entries(ROOMS).map(([room, { rooms }]) => [room, Object.keys(rooms).sort()])),
  );
});

test('the guide for contributors: every target of make that it names is there', () => {
  const targets = [...read('Makefile').matchAll(/^([a-z-]+):[^#\n]*## /gm)].map(([, target]) => target);
  const named = [...read(GUIDE).matchAll(/(?:`| {4})make ([a-z-]+)/g)].map(([, target]) => target);
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((target) => !targets.includes(target)),
    [],
  );
});
