import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newFolder } from '../support/programs.ts';
import { refusals } from './refusals.ts';

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{\n  "name": "farthing",\n  "version": "1.2.3"\n}\n',
  'package-lock.json': '{\n  "name": "farthing",\n  "version": "1.2.3"\n}\n',
  'src/system/version.ts': "export const VERSION = '1.2.3';\n",
  '.github/CHANGELOG.md': '# Changes\n\n## [1.2.3] - 2026-11-28\n\n- It works.\n\n## [1.2.2] - 2026-11-01\n',
};

/** A repository in which all of FILES is committed, except that these have other contents. */
function repository(t: TestContext, changed: Readonly<Record<string, string>> = {}): string {
  const root = newFolder(t);
  git(root, 'init', '--quiet');
  for (const [name, text] of Object.entries({ ...FILES, ...changed })) {
    write(root, name, text);
  }
  commit(root);
  return root;
}

function write(root: string, name: string, text: string): void {
  mkdirSync(join(root, dirname(name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

function commit(root: string): void {
  git(root, 'add', '--all');
  git(
    root,
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@example.org',
    'commit',
    '--quiet',
    '--message',
    'A commit',
  );
}

function git(root: string, ...words: readonly string[]): void {
  execFileSync('git', ['-C', root, ...words], { stdio: 'pipe' });
}

test('a commit with one version everywhere can be released', (t) => {
  assert.deepEqual(refusals(repository(t)), []);
});

test('neither a changed file nor one that git does not know is released', (t) => {
  const root = repository(t);
  write(root, 'package-lock.json', FILES['package-lock.json']?.replace('}', ' }') ?? '');
  write(root, 'src/new.ts', '');
  assert.deepEqual(refusals(root), [
    'what is not committed would not be in the release:\n M package-lock.json\n?? src/new.ts',
  ]);
});

test('every place must have the same version', (t) => {
  const root = repository(t, {
    'package-lock.json': '{ "version": "1.2.2" }',
    'src/system/version.ts': "export const VERSION = '1.2.4';\n",
    '.github/CHANGELOG.md': '# Changes\n\n## [Unreleased]\n\n- It works.\n\n## [1.2.3] - 2026-11-28\n',
  });
  assert.deepEqual(refusals(root), [
    'package.json has version 1.2.3, package-lock.json has 1.2.2',
    'package.json has version 1.2.3, src/system/version.ts has 1.2.4',
    'package.json has version 1.2.3, .github/CHANGELOG.md has Unreleased',
  ]);
});

test('a version that was released is that commit for ever', (t) => {
  for (const annotated of [[], ['--annotate', '--message', 'Released']]) {
    const root = repository(t);
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
    git(root, ...identity, 'tag', ...annotated, 'v1.2.3');
    assert.deepEqual(refusals(root), []);
    write(root, 'later', '');
    commit(root);
    assert.match(refusals(root).join(), /^version 1\.2\.3 is the tag of another commit, [0-9a-f]{40}$/);
  }
});
