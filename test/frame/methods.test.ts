// What is known of a method stands in its row of protocol/methods.ts. Beside it a method has the file that
// carries it out, a line in the list of those files, a method of the wallet, and its words. Whoever writes
// its name anywhere else spreads that again.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { METHODS } from '../../src/protocol/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const NAMES = Object.keys(METHODS);
const TABLE = 'src/protocol/methods.ts';
const LIST = 'src/hub/commands/index.ts';

/** The words of the raw commands, which nobody may be called. */
const RESERVED = 'src/protocol/names.ts';

/**
 * Where a method's name means something else: a word that is reserved, an event of Node's, an event of the
 * operator's log.
 */
const HOMONYMS: Readonly<Record<string, readonly string[]>> = {
  exit: [RESERVED, 'src/server/main/worker-thread.ts', 'src/ledger/sqlite/files/draft.ts'],
  list: [RESERVED],
  login: ['src/hub/events.ts', 'src/hub/presence/presence.ts'],
  register: [RESERVED],
};

/** Every file of src but the programs, whose words are for people, by its path: without comments. */
const files = new Map(
  globSync('src/**/*.ts', { cwd: ROOT })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.startsWith('src/cli/'))
    .map((file) => [
      file,
      readFileSync(join(ROOT, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
    ]),
);

/** The files in which the name stands in quotes, as a value or as a type. */
function quoting(name: string): string[] {
  return [...files]
    .filter(([, code]) => code.includes(`'${name}'`) || code.includes(`\`${name}\``))
    .map(([file]) => file)
    .filter((file) => HOMONYMS[name]?.includes(file) !== true)
    .sort();
}

/** How many methods a file names as keys, a line each, as a table of methods does. */
function rows(code: string): number {
  const body = code.replaceAll(/^import [^;]*;$/gm, '');
  return NAMES.filter((name) => new RegExp(`^\\s*(?:'?${name}'?:|${name},$)`, 'm').test(body)).length;
}

describe('what is known of a method', () => {
  for (const name of NAMES) {
    test(`${name}: a row, a command, a method of the wallet, and nobody else names it`, () => {
      assert.match(files.get(TABLE) ?? '', new RegExp(`^ {2}${name}: `, 'm'));
      assert.match(files.get(LIST) ?? '', new RegExp(`^export \\{ ${name} \\} from './${name}\\.ts';$`, 'm'));
      const named = quoting(name);
      const [client, ...more] = named.filter((file) => file.startsWith('src/client/'));
      assert.ok(client !== undefined, 'a client asks it');
      assert.deepEqual(more, [], 'in one place');
      assert.deepEqual(named, [client, `src/hub/commands/${name}.ts`]);
    });
  }

  test('stands in one table', () => {
    const tables = [...files].filter(([, code]) => rows(code) >= 3).map(([file]) => file);
    assert.deepEqual(tables, [TABLE]);
  });

  test('is missed nowhere: a list of names, and a table by name, are found', () => {
    assert.equal(rows('const x = {\n  register: 1,\n  pay: 1,\n  exit,\n};'), 3);
    for (const [name, places] of Object.entries(HOMONYMS)) {
      for (const file of places) {
        assert.ok(files.get(file)?.includes(`'${name}'`), `${file} no longer says ${name}`);
      }
    }
  });
});
