// Does one operation over and over, in a process of its own: operation.process.ts OPERATION PROVIDER
import type { Sample } from '../case.ts';
import { answer } from '../sampler.ts';
import { OPERATIONS } from './names.ts';
import { operationOf, PROVIDERS } from './operations.ts';

/** Milliseconds of work between two looks at the clock, so that looking costs nothing beside it. */
const BATCH_MS = 1;

const [name, provider] = process.argv.slice(2);
const asked = OPERATIONS.find((operation) => operation.name === name);
const asking = PROVIDERS.find((known) => known === provider);
if (asked === undefined || asking === undefined) {
  throw new RangeError(`nothing to measure: ${name} ${provider}`);
}
const operation = operationOf(asking, asked.name);
let batch = 1;

function measure(seconds: number): Sample {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + 1_000 * seconds;
  let [done, now] = [0, started];
  do {
    for (let i = 0; i < batch; i++) {
      operation();
    }
    done += batch;
    const before = now;
    now = performance.now();
    if (now - before < BATCH_MS) {
      batch *= 2;
    }
  } while (now < end);
  const { user, system } = process.cpuUsage(cpu);
  return { rate: done / ((now - started) / 1_000), serverCpuUs: (user + system) / done };
}

answer(measure);
