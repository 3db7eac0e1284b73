import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Running, Sample } from '../case.ts';
import { percentiles } from './percentile.ts';
import { Postgres } from './postgres.ts';

/** Branches: a transaction updates one of them, so with as many as clients few wait for one another. */
const SCALE = 64;

/** Threads of pgbench, which drive all clients. */
const THREADS = 2;

/** Each transaction's line in the log: client, number, latency in µs, … */
const LATENCY = 2;

/**
 * PostgreSQL's own benchmark: a transaction of three updates, a select and an insert, after TPC-B, committed
 * durably (fsync and synchronous_commit on, as they come).
 */
export function pgbench(clients: number): Contender {
  return {
    name: 'pgbench',
    detail: `PostgreSQL, pgbench tpcb-like, scale ${SCALE}, ${clients} clients, prepared, over a Unix socket`,
    start: async (): Promise<Running> => {
      const postgres = await Postgres.start();
      try {
        await postgres.pgbench('-i', '-q', '-s', String(SCALE));
        await settle(postgres);
      } catch (error) {
        await postgres.stop();
        throw error;
      }
      return {
        measure: (seconds) => measure(postgres, clients, seconds),
        close: () => postgres.stop(),
      };
    },
  };
}

/** Writes out what filling the tables has left in memory: it would slow down whoever is measured next. */
async function settle(postgres: Postgres): Promise<void> {
  const script = join(postgres.folder, 'checkpoint.sql');
  writeFileSync(script, 'CHECKPOINT;\n');
  await postgres.pgbench('-n', '-f', script, '-t', '1');
}

async function measure(postgres: Postgres, clients: number, seconds: number): Promise<Sample> {
  const before = postgres.cpuMicros;
  const words = ['-n', '-M', 'prepared', '-c', clients, '-j', THREADS, '-T', Math.ceil(seconds), '-l'];
  const text = await postgres.pgbench(...words.map(String));
  const cpu = postgres.cpuMicros - before;
  const rate = Number(/^tps = ([\d.]+)/m.exec(text)?.[1]);
  const latencies = takeLatencies(postgres.folder);
  if (!(rate > 0)) {
    throw new Error(`pgbench does not say how fast it was:\n${text}`);
  }
  return { rate, serverCpuUs: cpu / latencies.length, ...percentiles(latencies) };
}

/** Latencies of all transactions of the last run, ms; its logs are removed. */
function takeLatencies(folder: string): number[] {
  const logs = globSync('pgbench_log.*', { cwd: folder }).map((name) => join(folder, name));
  const latencies: number[] = [];
  for (const log of logs) {
    for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
      latencies.push(Number(line.split(' ')[LATENCY]) / 1000);
    }
    rmSync(log);
  }
  return latencies;
}
