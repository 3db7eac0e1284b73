// The test runner: every test/**/*.test.ts, or the files and folders named.
//   npm test -- test/noise test/ledger/transfer.test.ts --test-name-pattern='idempotent'
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

/** Milliseconds one test may take: far above the slowest, on a machine busy with other work. */
const TEST_LIMIT_MS = 120_000;
/**
 * Milliseconds for everything: a test that leaves a socket or a timer behind keeps its process, and so the
 * run, alive.
 */
const RUN_LIMIT_MS = 30 * 60_000;
/** Test files at a time. Most of them wait for sockets and disks, so that a small machine runs two. */
const FILES_AT_A_TIME = Math.max(2, availableParallelism());

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'test-name-pattern': { type: 'string', multiple: true } },
});
const patterns = values['test-name-pattern'];
const cwd = positionals.length > 0 ? process.cwd() : join(import.meta.dirname, '..');

const stream = run({
  cwd,
  globPatterns: (positionals.length > 0 ? positionals : ['test']).map((path) =>
    statSync(resolve(cwd, path)).isDirectory() ? join(path, '**/*.test.ts') : path,
  ),
  concurrency: FILES_AT_A_TIME,
  timeout: TEST_LIMIT_MS,
  signal: AbortSignal.timeout(RUN_LIMIT_MS),
  ...(patterns === undefined ? {} : { testNamePatterns: patterns }),
});

// node:test counts a file without tests as one passed test under the file's own name: it proves nothing.
const empty: string[] = [];
stream.on('test:pass', ({ name, file }) => {
  if (resolve(cwd, name) === file) {
    empty.push(name);
  }
});
stream.on('test:summary', ({ file, success, counts }) => {
  if (file !== undefined) {
    return; // of one file; the last has none and counts them all
  }
  const ran = counts.passed - empty.length;
  if (empty.length > 0 && patterns === undefined) {
    console.error(`No test in ${empty.join(', ')}`);
  } else if (ran === 0) {
    console.error('No test ran.');
  } else if (success) {
    return;
  }
  process.exitCode = 1;
});
stream.compose(spec).pipe(process.stdout);
