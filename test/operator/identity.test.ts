import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../hub/support/town.ts';
import {
  KEY_FILE,
  loadServerKey,
  prepareDataDir,
  ServerError,
  type ServerErrorCode,
} from './support/internals.ts';

function refusal(code: ServerErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof ServerError && error.code === code;
}

describe("the server's key", () => {
  test('is made once, for its owner alone, and stays', (t) => {
    const folder = join(temporaryFolder(t), 'a', 'b');
    prepareDataDir(folder);
    prepareDataDir(folder);
    const key = loadServerKey(folder, false);
    assert.equal(key.length, 32);
    assert.deepEqual(loadServerKey(folder, false), key);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, KEY_FILE)).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(folder, KEY_FILE), 'utf8'), `${Buffer.from(key).toString('hex')}\n`);
  });

  test('is another in every folder', (t) => {
    assert.notDeepEqual(loadServerKey(temporaryFolder(t), false), loadServerKey(temporaryFolder(t), false));
  });

  test('is not replaced when it is lost and there are members who know it', (t) => {
    const folder = temporaryFolder(t);
    assert.throws(() => loadServerKey(folder, true), refusal('bad_key_file'));
    assert.equal(existsSync(join(folder, KEY_FILE)), false);
    const key = loadServerKey(folder, false);
    assert.deepEqual(loadServerKey(folder, true), key);
  });

  test('is refused when others may read it', (t) => {
    const folder = temporaryFolder(t);
    loadServerKey(folder, false);
    chmodSync(join(folder, KEY_FILE), 0o640);
    assert.throws(() => loadServerKey(folder, false), refusal('bad_key_file'));
  });

  for (const [what, text] of [
    ['empty', ''],
    ['short', 'ab'.repeat(31)],
    ['long', 'ab'.repeat(33)],
    ['not hex', 'xy'.repeat(32)],
  ] as const) {
    test(`is refused, not replaced, when the file is ${what}`, (t) => {
      const folder = temporaryFolder(t);
      writeFileSync(join(folder, KEY_FILE), text, { mode: 0o600 });
      assert.throws(() => loadServerKey(folder, false), refusal('bad_key_file'));
      assert.equal(readFileSync(join(folder, KEY_FILE), 'utf8'), text);
    });
  }

  test('is refused when it is no file', (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, KEY_FILE), { mode: 0o700 });
    assert.throws(() => loadServerKey(folder, false), refusal('bad_key_file'));
  });

  test('a data folder that cannot be made', (t) => {
    const file = join(temporaryFolder(t), 'file');
    writeFileSync(file, '');
    assert.throws(() => prepareDataDir(join(file, 'data')), refusal('bad_data_dir'));
    assert.throws(() => prepareDataDir(file), refusal('bad_data_dir'));
  });
});
