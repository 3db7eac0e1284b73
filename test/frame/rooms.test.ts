// Who may import whom. Every pair of room and import is written down as a file in a copy of the tree, and Biome, with the
// project's own rules, must refuse exactly those that the table does not allow.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const BIOME = join(ROOT, 'node_modules/.bin/biome');

const ROOMS: Record<string, { rooms: string[]; packages: string[] }> = {
  noise: {
    rooms: [],
    packages: ['@noble/curves/ed25519.js', '@noble/post-quantum/ml-kem.js', 'sodium-native'],
  },
  link: { rooms: ['noise'], packages: [] },
  protocol: { rooms: [], packages: ['msgpackr', 'msgpackr/pack'] },
  ledger: { rooms: [], packages: ['node:sqlite'] },
  server: { rooms: ['link', 'protocol', 'ledger'], packages: ['prom-client'] },
  client: { rooms: ['link', 'protocol'], packages: [] },
  cli: { rooms: ['client', 'server', 'protocol', 'link'], packages: ['pino'] },
};
const PACKAGES = Object.values(ROOMS).flatMap((room) => room.packages);

interface Probe {
  readonly file: string;
  readonly code: string;
  readonly allowed: boolean;
}

function probes(): Probe[] {
  const list: Probe[] = [];
  const add = (folder: string, code: string, allowed: boolean, name = `probe${list.length}.ts`): void => {
    list.push({ file: `src/${folder}${name}`, code: `${code}\n`, allowed });
  };
  for (const [room, may] of Object.entries(ROOMS)) {
    for (const other of Object.keys(ROOMS)) {
      if (other === room) continue;
      const allowed = may.rooms.includes(other);
      add(`${room}/`, `import { x } from '../${other}/index.ts';`, allowed);
      add(`${room}/`, `import type { X } from '../${other}/index.ts';`, allowed);
      add(`${room}/`, `export const x = await import('../${other}/index.ts');`, allowed);
      add(`${room}/inner/`, `export { x } from '../../${other}/index.ts';`, allowed);
    }
    for (const name of PACKAGES) add(`${room}/`, `import { x } from '${name}';`, may.packages.includes(name));
    add(`${room}/`, `import { connect } from 'node:net';`, false);
    add(`${room}/`, `import * as net from 'node:net';`, false);
    add(`${room}/`, `import { createCipheriv } from 'node:crypto';`, room === 'noise');
    add(`${room}/`, `import { randomBytes } from 'node:crypto';`, true);
    add(`${room}/`, `import { readFileSync } from 'node:fs';`, room !== 'noise');
    add(`${room}/`, `import { x } from './neighbour.ts';`, true);
    add(`${room}/inner/`, `import { x } from '../limits.ts';`, true);
  }
  add('link/', `import { connect } from 'node:net';`, true, 'socket.ts');
  add('server/', `import { connect } from 'node:net';`, true, 'control-socket.ts');
  for (const room of Object.keys(ROOMS)) {
    add('', `import { x } from './${room}/index.ts';`, room !== 'cli');
  }
  for (const name of PACKAGES) add('', `import { x } from '${name}';`, false);
  return list;
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

  for (const room of [...Object.keys(ROOMS).map((name) => `src/${name}/`), 'src/']) {
    const own = all.filter(({ file }) => (room === 'src/' ? dirname(file) === 'src' : file.startsWith(room)));
    test(`${room}: ${own.length} imports, ${own.filter((probe) => !probe.allowed).length} of them refused`, () => {
      const wrong = own.filter(({ file, allowed }) => hits.has(file) === allowed);
      assert.deepEqual(wrong, []);
    });
  }
});
