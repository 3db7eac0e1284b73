// Who may import whom. Every pair of room and import is written down as a file in a copy of the tree, and
// Biome, with the project's own configuration, must refuse exactly those that the table does not allow.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { circles, importsBetween, importsOf } from './imports.ts';
import { configured, EXCEPTIONS, overrides, ROOMS } from './rooms.ts';

const ROOT = join(import.meta.dirname, '../..');
const BIOME = join(ROOT, 'node_modules/.bin/biome');

/** Rooms that grew out of one folder of forty files: none of their folders is to become that again. */
const SMALL = ['src/server', 'src/hub', 'src/operator'];
const MOST_FILES = 15;

/** Every package of the table by a name that it allows: `@noble/**` by one of its modules. */
const PACKAGES = Object.values(ROOMS).flatMap((room) => room.packages.map(moduleOf));

function moduleOf(name: string): string {
  return name.replace('/**', '/some.js');
}

interface Probe {
  readonly file: string;
  readonly code: string;
  readonly allowed: boolean;
}

function probes(): Probe[] {
  const list: Probe[] = [];
  const add = (folder: string, code: string, allowed: boolean): void => {
    list.push({ file: `src/${folder}probe${list.length}.ts`, code: `${code}\n`, allowed });
  };
  for (const [room, { rooms, packages, node }] of Object.entries(ROOMS)) {
    for (const other of Object.keys(ROOMS)) {
      if (other === room) {
        continue;
      }
      const doors = rooms[other] ?? [];
      const door = doors[0] ?? 'index.ts';
      const allowed = doors.length > 0;
      add(`${room}/inner/`, `import { x } from '../../${other}/${door}';`, allowed);
      add(`${room}/inner/`, `import type { X } from '../../${other}/${door}';`, allowed);
      add(`${room}/inner/`, `export { x } from '../../${other}/${door}';`, allowed);
      add(`${room}/inner/deep/`, `export const x = await import('../../../${other}/${door}');`, allowed);
      add(`${room}/inner/`, `import { x } from '../../${other}/some/where.ts';`, false);
      // All of the programs lies in folders, and one has the name of a room.
      if (room !== 'cli') {
        add(`${room}/`, `import { x } from '../${other}/${door}';`, allowed);
      }
    }
    for (const name of PACKAGES) {
      // Of Node's own, a room with a list of them has no other.
      const allowed = packages.map(moduleOf).includes(name);
      add(`${room}/`, `import { x } from '${name}';`, allowed);
    }
    add(`${room}/`, `import { connect } from 'node:net';`, false);
    add(`${room}/`, `import * as net from 'node:net';`, false);
    add(`${room}/`, `import { createCipheriv } from 'node:crypto';`, room === 'noise');
    for (const name of ['node:fs', 'node:timers', 'node:worker_threads', 'node:assert/strict']) {
      add(`${room}/`, `import { x } from '${name}';`, node === undefined || node.includes(name));
    }
    const mayCrypto = node === undefined || node.includes('node:crypto');
    add(`${room}/`, `import { randomBytes } from 'node:crypto';`, mayCrypto);
    add(`${room}/`, `import { x } from './neighbour.ts';`, true);
    add(`${room}/inner/`, `import { x } from '../limits.ts';`, true);
  }
  return [...list, ...exceptional(), ...ofTheLibrary(), ...ofTests()];
}

function exceptional(): Probe[] {
  return Object.entries(EXCEPTIONS).flatMap(([name, files]) =>
    files.map((file) => ({ file, code: `import { connect } from '${name}';\n`, allowed: true })),
  );
}

/** `src/index.ts` and its like. */
function ofTheLibrary(): Probe[] {
  const rooms = Object.keys(ROOMS).map((room) => ({ from: `./${room}/index.ts`, allowed: room !== 'cli' }));
  const packages = PACKAGES.map((from) => ({ from, allowed: false }));
  return [...rooms, ...packages].map(({ from, allowed }, index) => {
    return { file: `src/probe${index}.ts`, code: `import { x } from '${from}';\n`, allowed };
  });
}

function ofTests(): Probe[] {
  const files = { 'index.ts': true, 'store.ts': false, 'sqlite/live/open.ts': false };
  const folders = { 'test/ledger/': '../../src', 'test/ledger/sqlite/': '../../../src', 'bench/': '../src' };
  const probes = Object.entries(folders).flatMap(([folder, src]) =>
    Object.entries(files).map(([file, allowed], index) => {
      const code = `import { x } from '${src}/ledger/${file}';\n`;
      return { file: `${folder}probe${index}.ts`, code, allowed };
    }),
  );
  const inside = "export { x } from '../../../src/ledger/store.ts';\n";
  return [...probes, { file: 'test/ledger/support/internals.ts', code: inside, allowed: true }];
}

/** The probes that Biome refuses for what they import. */
function refused(folder: string): Set<string> {
  const biome = spawnSync(
    BIOME,
    [
      'lint',
      '--only=style/noRestrictedImports',
      '--vcs-enabled=false',
      '--reporter=json',
      '--max-diagnostics=none',
      'src',
      'test',
      'bench',
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  assert.equal(biome.error, undefined);
  const report = JSON.parse(biome.stdout) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  const files = report.diagnostics.map((diagnostic) => {
    assert.equal(diagnostic.category, 'lint/style/noRestrictedImports');
    const { path } = diagnostic.location;
    return typeof path === 'string' ? path : path.file;
  });
  return new Set(files);
}

describe('the rules about who may import whom', () => {
  const all = probes();
  let folder: string;
  let hits: Set<string>;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'farthing-rooms-'));
    copyFileSync(join(ROOT, '.biome.json'), join(folder, '.biome.json'));
    copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    for (const { file, code } of all) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), code);
    }
    hits = refused(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('every room has a row, and the linter is told what the table says', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    assert.deepEqual(Object.keys(ROOMS).sort(), folders.map(({ name }) => name).sort());
    assert.deepEqual(configured(), overrides(), 'npm run fix writes it');
  });

  for (const room of [...Object.keys(ROOMS).map((name) => `src/${name}/`), 'src/', 'test/', 'bench/']) {
    const own = all.filter(({ file }) => (room === 'src/' ? dirname(file) === 'src' : file.startsWith(room)));
    test(`${room}: ${own.length} imports, ${own.filter((probe) => !probe.allowed).length} of them refused`, () => {
      const wrong = own.filter(({ file, allowed }) => hits.has(file) === allowed);
      assert.deepEqual(wrong, []);
    });
  }
});

describe('the shape of the tree', () => {
  const graph = importsOf(ROOT, ['src', 'test', 'bench']);

  test('a circle is found, also one of types alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'farthing-circle-'));
    try {
      writeFileSync(join(folder, 'a.ts'), "import type { B } from './b.ts';\nexport type A = B;\n");
      writeFileSync(join(folder, 'b.ts'), "import {\n  type C,\n} from './c.ts';\nexport type B = C;\n");
      writeFileSync(join(folder, 'c.ts'), "export const c = () => import('./a.ts');\nexport type C = 1;\n");
      writeFileSync(join(folder, 'd.ts'), "export * from './a.ts';\n");
      assert.deepEqual(circles(importsOf(folder, ['.'])), [['a.ts', 'b.ts', 'c.ts']]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('no circle, imports of types included', () => {
    assert.ok(graph.size > 500, 'the tree was read');
    assert.deepEqual(circles(graph), []);
  });

  test('between the rooms of src, and between the folders of the server, arrows of one direction', () => {
    const rooms = importsBetween(importsOf(ROOT, ['src']), (file) => file.split('/').slice(0, 2).join('/'));
    assert.deepEqual(circles(rooms), []);
    // The door of the server and what all its folders share lie beside them.
    const server = importsBetween(importsOf(ROOT, ['src/server']), (file) =>
      file.split('/').length > 3 ? dirname(file) : file,
    );
    assert.deepEqual(circles(server), []);
  });

  test(`no folder of ${SMALL.join(', ')} has more than ${MOST_FILES} files`, () => {
    for (const folder of SMALL) {
      const files = [...graph.keys()].filter((file) => file.startsWith(`${folder}/`));
      assert.ok(files.length > 0, folder);
      const counts = Map.groupBy(files, dirname);
      assert.deepEqual(
        [...counts].filter(([, of]) => of.length > MOST_FILES).map(([name]) => name),
        [],
      );
    }
  });
});
