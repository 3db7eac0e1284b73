import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { newFolder } from '../support/programs.ts';
import {
  createFileSync,
  flushFileSync,
  flushFolderSync,
  isPrivateSync,
  linkOrMoveSync,
  makeFolderSync,
  replaceFileSync,
} from './support/internals.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

describe('files', () => {
  test('a new file is its owner’s alone, in folders of its owner alone, and nothing is left beside it', (t) => {
    const folder = join(newFolder(t), 'a', 'b');
    const path = join(folder, 'file');
    assert.equal(createFileSync(path, 'first'), true);
    assert.equal(readFileSync(path, 'utf8'), 'first');
    assert.deepEqual([mode(path), mode(folder), mode(join(folder, '..'))], [0o600, 0o700, 0o700]);
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  test('where a file is none is created', (t) => {
    const path = join(newFolder(t), 'file');
    writeFileSync(path, 'first');
    assert.equal(createFileSync(path, 'second'), false);
    assert.equal(readFileSync(path, 'utf8'), 'first');
    assert.deepEqual(readdirSync(join(path, '..')), ['file']);
  });

  test('a file is replaced whole, by one of its owner alone', (t) => {
    const path = join(newFolder(t), 'file');
    writeFileSync(path, 'a longer first text', { mode: 0o644 });
    replaceFileSync(path, 'second');
    assert.deepEqual([readFileSync(path, 'utf8'), mode(path)], ['second', 0o600]);
    assert.deepEqual(readdirSync(join(path, '..')), ['file']);
  });

  test('what cannot take its place leaves nothing beside it', (t) => {
    const folder = newFolder(t);
    mkdirSync(join(folder, 'taken', 'inner'), { recursive: true });
    assert.throws(() => replaceFileSync(join(folder, 'taken'), 'text'), { syscall: 'rename' });
    assert.deepEqual(readdirSync(folder), ['taken']);
    writeFileSync(join(folder, 'file'), '');
    assert.throws(() => replaceFileSync(join(folder, 'file', 'inner'), 'text'), { code: 'EEXIST' });
  });

  test('a second name replaces nothing', (t) => {
    const folder = newFolder(t);
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    writeFileSync(one, 'one');
    assert.equal(linkOrMoveSync(one, two), true);
    assert.equal(linkOrMoveSync(one, two), false);
    assert.deepEqual([readFileSync(one, 'utf8'), readFileSync(two, 'utf8')], ['one', 'one']);
    assert.throws(() => linkOrMoveSync(join(folder, 'none'), join(folder, 'three')), { code: 'ENOENT' });
  });

  test('a folder that is there stays as it is', (t) => {
    const folder = newFolder(t);
    mkdirSync(join(folder, 'open'), { mode: 0o755 });
    makeFolderSync(join(folder, 'open'));
    assert.equal(mode(join(folder, 'open')), 0o755);
  });

  test('a file is private while others may do nothing with it', (t) => {
    const path = join(newFolder(t), 'file');
    for (const [bits, expected] of [
      [0o600, true],
      [0o700, true],
      [0o640, false],
      [0o602, false],
      [0o601, false],
    ] as const) {
      writeFileSync(path, '');
      chmodSync(path, bits);
      assert.equal(isPrivateSync(path), expected, bits.toString(8));
    }
    assert.throws(() => isPrivateSync(`${path}-none`), { code: 'ENOENT' });
  });

  test('what is not there cannot be flushed', (t) => {
    const folder = newFolder(t);
    flushFolderSync(folder);
    assert.throws(() => flushFileSync(join(folder, 'none')), { code: 'ENOENT' });
  });
});
