import { readFileSync } from 'node:fs';
import { chooseBackend, protocolOf } from '../../src/noise/index.ts';
import type { Backend } from '../noise/support/internals.ts';
import { type Entry, readEntries } from './format.ts';
import { replay } from './replay.ts';

type Print = (line: string) => void;

interface File {
  readonly path: string;
  readonly entries: readonly Entry[];
}

/**
 * Verifies files in the standard format of Noise vectors, each vector on each backend, and prints what comes
 * of it, the numbers on the last line. Returns the exit status: 0; 1 when a vector fails or a file has none;
 * 2 for wrong usage or a file that cannot be read.
 */
export function verifyFiles(paths: readonly string[], print: Print): 0 | 1 | 2 {
  if (paths.length === 0 || paths.some((path) => path.startsWith('-'))) {
    print('Usage: npm run -s vectors -- FILE…');
    return 2;
  }
  const files: File[] = [];
  for (const path of paths) {
    try {
      files.push({ path, entries: readEntries(readFileSync(path, 'utf8')) });
    } catch (error) {
      print(`${path}: ${reasonOf(error)}`);
      return 2;
    }
  }
  return verifyOnAll([chooseBackend('noble'), chooseBackend('native')], files, print);
}

function verifyOnAll(backends: readonly Backend[], files: readonly File[], print: Print): 0 | 1 {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const { path, entries } of files) {
    const supported = entries.filter((entry) => isSupported(entry.name));
    skipped.push(...entries.filter((entry) => !supported.includes(entry)).map(({ name }) => name));
    if (entries.length === 0) {
      print(`${path}: no vectors`);
      failed++;
    }
    for (const backend of backends) {
      const failures = supported.filter((entry) => !passes(entry, backend, path, print)).length;
      failed += failures;
      passed += supported.length - failures;
      print(`${path}, ${backend.description}: ${supported.length - failures} of ${supported.length}`);
    }
  }
  if (skipped.length > 0) {
    print('Skipped, because the protocol is not supported:');
  }
  for (const name of new Set(skipped)) {
    print(`  ${name}`);
  }
  print(`Each vector counts once for each backend: ${backends.map(({ name }) => name).join(', ')}.`);
  print(`${passed} passed, ${failed} failed, ${skipped.length * backends.length} skipped`);
  return failed === 0 ? 0 : 1;
}

function passes(entry: Entry, backend: Backend, path: string, print: Print): boolean {
  try {
    replay(entry, backend);
    return true;
  } catch (error) {
    print(`${path}, ${backend.name}, vector ${entry.title}, ${entry.name}: ${reasonOf(error)}`);
    return false;
  }
}

/** Whether the engine knows a protocol: the only reason to skip a vector. */
export function isSupported(name: string): boolean {
  try {
    protocolOf(name);
    return true;
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
