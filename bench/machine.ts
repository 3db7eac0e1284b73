import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { type BackendName, chooseBackend } from '../src/noise/index.ts';
import type { LeftOut, Machine } from './report/result.ts';

const require = createRequire(import.meta.url);

/** This machine, and what runs on it. */
export function machine(
  run: Pick<Machine, 'seconds' | 'rounds' | 'command'>,
  leftOut: readonly LeftOut[],
): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: operatingSystem(),
    node: process.versions.node,
    v8: process.versions.v8,
    openssl: process.versions.openssl,
    farthing: versionIn(join(import.meta.dirname, '../package.json')),
    backends: { native: describe('native'), noble: describe('noble') },
    sodiumNative: sodiumVersion(),
    suites: 'Noise_XX_25519_ChaChaPoly_SHA256, Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256',
    date: new Date().toISOString(),
    ...run,
    leftOut,
  };
}

function describe(name: BackendName): string | null {
  try {
    return chooseBackend(name).description;
  } catch {
    return null;
  }
}

function sodiumVersion(): string | null {
  try {
    return versionIn(require.resolve('sodium-native/package.json'));
  } catch {
    return null;
  }
}

function versionIn(file: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}

/** The name that people know, and the kernel. */
function operatingSystem(): string {
  return `${distribution() ?? type()}, ${type()} ${release()}`;
}

function distribution(): string | undefined {
  try {
    if (process.platform === 'darwin') {
      return `macOS ${execFileSync('sw_vers', ['-productVersion'], { encoding: 'utf8' }).trim()}`;
    }
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
