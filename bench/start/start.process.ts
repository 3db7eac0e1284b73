// Starts a program over and over: start.process.ts ended|listens ARGUMENTS OF NODE. The first is what makes
// it of use. One that listens is a server, which gets a folder for its data and is stopped each time.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Sample } from '../case.ts';
import { percentile } from '../report/statistics.ts';
import { answer } from '../sampler.ts';
import { childrensCpuUs } from './children-cpu.ts';

const [until, ...asked] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'farthing-start-'));
const args = until === 'listens' ? [...asked, '--data', folder] : asked;
let child: ChildProcess | undefined;

process.on('exit', () => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts it once. Returns the milliseconds until it was of use. */
async function start(): Promise<number> {
  const started = performance.now();
  const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child = program;
  const ended = once(program, 'exit').then(([code, signal]) => {
    if (code !== 0) {
      throw new Error(`node ${args.join(' ')} ended with ${signal ?? code}`);
    }
    return performance.now();
  });
  const lines = createInterface(program.stdout);
  if (until === 'ended') {
    return (await ended) - started;
  }
  const listens = async (): Promise<number> => {
    for (let line = ''; !line.startsWith('Listening'); ) {
      [line] = (await once(lines, 'line')) as [string];
    }
    return performance.now();
  };
  const ready = await Promise.race([listens(), ended]);
  program.kill('SIGTERM');
  await ended;
  return ready - started;
}

async function measure(seconds: number): Promise<Sample> {
  const before = childrensCpuUs();
  const end = performance.now() + 1_000 * seconds;
  const times: number[] = [];
  do {
    times.push(await start());
  } while (performance.now() < end);
  const after = childrensCpuUs();
  const sorted = times.toSorted((a, b) => a - b);
  const cpu =
    before === undefined || after === undefined ? {} : { serverCpuUs: (after - before) / times.length };
  return {
    rate: (1_000 * times.length) / times.reduce((sum, time) => sum + time, 0),
    p50Ms: percentile(sorted, 0.5) ?? 0,
    p99Ms: percentile(sorted, 0.99) ?? 0,
    ...cpu,
  };
}

answer(measure);
