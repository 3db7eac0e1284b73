// The test runner itself, as a process: what it must refuse to call a success.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

const RUNNER = join(import.meta.dirname, '../run.ts');
const PASSES = "import { test } from 'node:test';\ntest('good', () => {});\n";
const FAILS = "import { test } from 'node:test';\ntest('bad', () => { throw new Error('no'); });\n";

describe('test/run.ts', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farthing-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (files: Record<string, string>, ...args: string[]) => {
    for (const [name, code] of Object.entries(files)) {
      writeFileSync(join(folder, name), code);
    }
    // Inside a test file node:test runs no second runner, unless its mark is taken out of the environment.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const done = spawnSync(process.execPath, [RUNNER, ...args], { cwd: folder, env, encoding: 'utf8' });
    return { status: done.status, out: done.stdout + done.stderr };
  };

  test('a folder whose tests pass: 0, and the count stands at the end', () => {
    const { status, out } = run({ 'a.test.ts': PASSES, 'b.test.ts': PASSES, 'c.ts': FAILS }, '.');
    assert.equal(status, 0, out);
    assert.match(out, /ℹ tests 2\n.*\nℹ pass 2\nℹ fail 0\n(ℹ .*\n)*$/s);
  });

  test('a failing test among passing ones: 1', () => {
    const { status, out } = run({ 'a.test.ts': PASSES, 'b.test.ts': FAILS }, '.');
    assert.equal(status, 1, out);
    assert.match(out, /✖ bad/);
  });

  test('a file that cannot be loaded: 1', () => {
    assert.equal(run({ 'a.test.ts': PASSES, 'b.test.ts': "import './nowhere.ts';\n" }, '.').status, 1);
  });

  test('an empty folder: 1', () => {
    const { status, out } = run({}, '.');
    assert.equal(status, 1, out);
    assert.match(out, /No test ran/);
  });

  test('a file without a test: 1, and it is named', () => {
    const { status, out } = run({ 'a.test.ts': PASSES, 'b.test.ts': 'export {};\n' }, '.');
    assert.equal(status, 1, out);
    assert.match(out, /No test in .*b\.test\.ts/);
  });

  test('only skipped tests: 1', () => {
    const skipped = PASSES.replace("'good',", "'good', { skip: true },");
    assert.equal(run({ 'a.test.ts': skipped }, '.').status, 1);
  });

  test('one file of two: only its tests', () => {
    const { status, out } = run({ 'a.test.ts': PASSES, 'b.test.ts': FAILS }, 'a.test.ts');
    assert.equal(status, 0, out);
    assert.match(out, /ℹ tests 1\n/);
  });

  test('by name: those that match; none that matches: 1', () => {
    const files = { 'a.test.ts': PASSES, 'b.test.ts': FAILS };
    assert.equal(run(files, '--test-name-pattern=good', '.').status, 0);
    assert.equal(run(files, '--test-name-pattern=bad', '.').status, 1);
    assert.equal(run(files, '--test-name-pattern=neither', '.').status, 1);
  });

  test('a file that is not there: not 0', () => {
    assert.notEqual(run({}, 'nowhere.test.ts').status, 0);
  });
});
