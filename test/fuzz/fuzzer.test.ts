import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Coverage } from './coverage.ts';
import { Fuzzer, minimise } from './fuzzer.ts';
import type { Target } from './target.ts';

const coverage = new Coverage();
const { LinkError, readPrelude } = await import('../link/support/internals.ts');
const { gate } = await import('./targets/gate.ts');

const ACCEPTS = { suites: ['XX', 'XXhfs'], purpose: 'peer' } as const;

/**
 * Breaks on one prelude in 2^55. The dictionary knows its first half; to the rest only coverage leads, byte
 * by byte.
 */
const broken: Target = {
  name: 'broken',
  covers: ['link/handshake/prelude.ts'],
  maxLength: 64,
  dictionary: [Uint8Array.from(Buffer.from('FRTH'))],
  seeds: [new Uint8Array(1)],
  run(input) {
    const read = readPrelude(input, ACCEPTS);
    if (read !== undefined && 'suite' in read) {
      throw new LinkError('bad_prelude');
    }
    return 'ran';
  },
};

function fuzzerOf(target: Target, seed: number, before?: (input: Uint8Array) => void): Fuzzer {
  coverage.reset();
  return new Fuzzer(target, coverage, seed, before);
}

test('coverage leads to the input that breaks a target, which comes out small', async () => {
  const fuzzer = fuzzerOf(broken, 1);
  await fuzzer.add(broken.seeds);
  for (let step = 0; step < 200 && fuzzer.crashes.size === 0; step++) {
    await fuzzer.step();
  }
  const [crash, ...others] = fuzzer.crashes.values();
  assert.deepEqual(others, []);
  assert.ok(crash?.error instanceof LinkError);
  const { input } = crash;
  assert.equal(input.length, 7);
  assert.ok('suite' in (readPrelude(input, ACCEPTS) ?? {}));
});

test('the same seed makes the same inputs, another makes others', async () => {
  const inputsOf = async (seed: number): Promise<string[]> => {
    const inputs: string[] = [];
    const fuzzer = fuzzerOf(broken, seed, (input) => inputs.push(Buffer.from(input).toString('hex')));
    await fuzzer.add(broken.seeds);
    for (let step = 0; step < 3; step++) {
      await fuzzer.step();
    }
    return inputs;
  };
  const one = await inputsOf(7);
  const again = await inputsOf(7);
  const other = await inputsOf(8);
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
});

test('what is distilled shows all that the corpus showed', async () => {
  const fuzzer = fuzzerOf(gate, 1);
  await fuzzer.add([...gate.seeds, ...gate.seeds]);
  const before = coverage.count(gate.covers);
  const kept = await fuzzer.distil();
  assert.ok(kept.length <= fuzzer.corpus.length && fuzzer.corpus.length <= gate.seeds.length);
  assert.deepEqual(coverage.count(gate.covers), before);
});

test('an input is made as small as it still fails', async () => {
  const input = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
  const small = await minimise(input, async (shorter) => shorter.includes(77) && shorter.length >= 3);
  assert.deepEqual([...small].sort(), [0, 0, 77]);
});

describe('the command', () => {
  const folderOf = (t: TestContext): string => {
    const folder = mkdtempSync(join(tmpdir(), 'farthing-fuzz-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'fuzz.ts'), ...args], { encoding: 'utf8' });

  /** A target in a file of its own. */
  const write = (folder: string, body: string): string => {
    const file = join(folder, 'mine.ts');
    const target = `name: 'mine', covers: [], maxLength: 9, dictionary: [], seeds: [], run: (input) => { ${body} }`;
    writeFileSync(file, `export const target = { ${target} };\n`);
    return file;
  };

  test('searches as long as it is told, and sums up', (t) => {
    const folder = folderOf(t);
    const { status, stdout } = run('--target', 'record', '--runs', '1', '--seed', '5', '--crashes', folder);
    assert.match(stdout, /^seed 5\nrecord .* runs .*coverage [\d.]+ % +crashes 0\n$/);
    assert.equal(status, 0);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('ends with 1 for a target that breaks, and the command that it names breaks it again', (t) => {
    const folder = folderOf(t);
    const mine = write(folder, `if (input.length > 2) throw new Error('too long'); return 'ran';`);
    const crashes = join(folder, 'crashes');
    const { status, stdout } = run('--target', mine, '--runs', '2000', '--seed', '5', '--crashes', crashes);
    assert.equal(status, 1);
    const [, args = ''] = /^ {2}again: npm run -s fuzz -- (.*)$/m.exec(stdout) ?? [];
    const [file = ''] = readdirSync(crashes);
    assert.deepEqual([...readFileSync(join(crashes, file))], [0, 0, 0]);
    const again = run(...args.split(' '));
    assert.match(again.stdout, /too long/);
    assert.equal(again.status, 1);
  });

  test('finds a target that gets stuck', (t) => {
    const folder = folderOf(t);
    const mine = write(folder, `while (input[1] > 9); return 'ran';`);
    const { status, stdout } = run('--target', mine, '--stuck', '0.2', '--crashes', join(folder, 'crashes'));
    assert.match(stdout, /mine: Error: stuck/);
    assert.equal(status, 1);
  });

  test('ends with 2 for what it does not know', () => {
    assert.equal(run('--target', 'nothing').status, 2);
    assert.equal(run('--seconds', 'x').status, 2);
  });
});
