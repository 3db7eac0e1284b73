// The programs, as a person starts them.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Report } from '../../bench/report/result.ts';

const BENCH = join(import.meta.dirname, '../../bench');

function run(program: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(BENCH, program), ...args], { encoding: 'utf8' });
}

describe('npm run bench', () => {
  test('an unknown case: 2, and the names of those that there are', () => {
    const { status, stdout, stderr } = run('run.ts', 'start', 'nothing');
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^no case is called nothing; there are\nhandshake: /m);
    assert.match(stderr, /^primitives-seal-64: /m);
  });

  for (const args of [
    ['--seconds', '0'],
    ['--seconds', 'x'],
    ['--seconds', '1e9'],
    ['--rounds', '0'],
    ['--rounds', '1.5'],
    ['--nothing'],
    ['start', '--readme'],
    ['start', '--from', 'x'],
    ['--from', '/nowhere/results.json'],
  ]) {
    test(`${args.join(' ')}: 2, and nothing is measured`, () => {
      const { status, stdout, stderr } = run('run.ts', ...args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(args.find((arg) => arg.startsWith('--')) ?? ''));
    });
  }

  test('--help and --list: 0, on standard output', () => {
    assert.match(run('run.ts', '--help').stdout, /--seconds S/);
    const { status, stdout } = run('run.ts', '--list');
    assert.equal(status, 0);
    assert.match(stdout, /^primitives-x25519: .*\n {4}farthing, farthing-noble, node-crypto$/m);
  });

  test('a run: a line of progress, a table, and the results in a file, from which the table comes again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'farthing-bench-'));
    try {
      const file = join(folder, 'results.json');
      const args = ['primitives-seal-64', '--seconds', '0.02', '--rounds', '2', '--json', file];
      const { status, stdout, stderr } = run('run.ts', ...args);
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^1\/1 primitives-seal-64, \d+ s left\n/);
      assert.match(stdout, /^primitives-seal-64: /m);
      assert.match(stdout, /^\* node-crypto .*1\.00×/m);
      checkReport(JSON.parse(readFileSync(file, 'utf8')), args);
      assert.equal(run('run.ts', '--from', file).stdout, stdout);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('programs: as many starts as the time allows, one at least', () => {
    const { status, stdout, stderr } = run(
      'run.ts',
      'start',
      '--seconds',
      '0.01',
      '--rounds',
      '1',
      '--json',
      '-',
    );
    assert.equal(status, 0, stderr);
    const { results } = JSON.parse(stdout) as Report;
    const node = results.find(({ contender }) => contender === 'node');
    for (const value of [node?.rate, node?.p50Ms, node?.p99Ms]) {
      assert.ok(value && value > 0);
    }
  });

  test('a place for the results that there is not: 2, before anything is measured', () => {
    const { status, stderr } = run('run.ts', '--json', '/nowhere/results.json');
    assert.equal(status, 2);
    assert.match(stderr, /^ENOENT.*\/nowhere/);
  });

  test('interrupted: 130, and no process is left', async () => {
    const child = spawn(process.execPath, [join(BENCH, 'run.ts'), 'primitives-hkdf', '--rounds', '1000'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    await once(child.stderr, 'data'); // the line that says which case runs
    let started: number[] = [];
    while (started.length < 3) {
      started = childrenOf(child.pid);
    }
    child.kill('SIGINT');
    assert.deepEqual(await ended, [130, null]);
    while (started.some(isAlive)) {}
  });
});

function childrenOf(parent: number | undefined): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const all = [...stdout.matchAll(/(\d+) +(\d+)/g)].map(([, pid, ppid]) => [Number(pid), Number(ppid)]);
  return all.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function checkReport({ machine, results }: Report, args: readonly string[]): void {
  assert.equal(machine.command, `npm run -s bench -- ${args.join(' ')}`);
  assert.equal(machine.node, process.versions.node);
  assert.deepEqual([machine.seconds, machine.rounds], [0.02, 2]);
  assert.match(machine.suites, /^Noise_XX_\S+, Noise_XXhfs_\S+$/);
  assert.equal(machine.backends.noble, 'noble');
  assert.deepEqual(machine.leftOut, []);
  assert.deepEqual(
    results.map((result) => [result.case, result.contender]),
    ['farthing', 'farthing-noble', 'node-crypto'].map((name) => ['primitives-seal-64', name]),
  );
  for (const result of results) {
    for (const value of [result.rate, result.serverCpuUs, result.ratio, result.cpuRatio]) {
      assert.ok(value && value > 0);
    }
    assert.deepEqual([result.p50Ms, result.p99Ms, result.p999Ms], [null, null, null]);
    assert.equal(typeof result.spread, 'number');
    assert.equal(result.rounds.length, 2);
    assert.equal(result.unit, 'operations/s');
    assert.ok(result.detail);
  }
}

describe('npm run bench:check', () => {
  test('--help: 0; what it does not know: 2', () => {
    assert.match(run('check.ts', '--help').stdout, /--baseline/);
    const { status, stderr } = run('check.ts', '--nothing');
    assert.equal(status, 2);
    assert.match(stderr, /--nothing/);
  });
});
