import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../hub/support/town.ts';
import { newFolder, Person } from '../support/programs.ts';
import { prepareDataDir } from './support/internals.ts';

describe('the data folder', () => {
  test('is made for its owner alone, with those above it', (t) => {
    const folder = join(temporaryFolder(t), 'a', 'b');
    assert.deepEqual(prepareDataDir(folder), []);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.deepEqual(prepareDataDir(folder), [], 'and taken as it is the next time');
  });

  for (const mode of [0o755, 0o750, 0o701, 0o775]) {
    test(`with mode ${mode.toString(8)} is used, with a warning that says what to do`, (t) => {
      const folder = withMode(temporaryFolder(t), mode);
      const [warning = '', ...others] = prepareDataDir(folder);
      assert.match(warning, new RegExp(`mode 0?${mode.toString(8)}\\): chmod 700 `));
      assert.ok(warning.includes(folder));
      assert.deepEqual(others, []);
    });
  }

  for (const mode of [0o777, 0o702, 0o1777]) {
    test(`with mode ${mode.toString(8)} is refused: anybody could put another key in place`, (t) => {
      const folder = withMode(temporaryFolder(t), mode);
      assert.throws(() => prepareDataDir(folder), {
        code: 'bad_data_dir',
        message: /everybody may write.*chmod 700/,
      });
    });
  }

  test('holds nothing that others may read, whatever the umask of the shell', async (t) => {
    const folder = join(newFolder(t), 'books');
    const usual = process.umask(0);
    const program = new Person(t).serve('0', '--host', '127.0.0.1', '--data', folder, '--json');
    process.umask(usual);
    await program.line('"listening"');
    const names = readdirSync(folder);
    assert.ok(names.includes('server.key') && names.includes('ledger.db'));
    const open = ['.', ...names].filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
    assert.deepEqual(open, []);
  });

  test('that others may read is told of in the log', async (t) => {
    const folder = withMode(newFolder(t), 0o755);
    const program = new Person(t).serve('0', '--host', '127.0.0.1', '--data', folder, '--json', '-q');
    const { level, text } = JSON.parse(await program.line('is open to others'));
    assert.equal(level, 'warn');
    assert.match(text, /mode 0755\): chmod 700 /);
  });
});

function withMode(parent: string, mode: number): string {
  const folder = join(parent, 'books');
  mkdirSync(folder);
  chmodSync(folder, mode);
  return folder;
}
