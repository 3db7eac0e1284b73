// The thread that searches. Coverage is counted from before the targets are loaded, so that what never runs
// is known too.
import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import type { Ended, Order, Progress } from './exchange.ts';

/** Milliseconds between two reports. */
const REPORT_MS = 250;

if (parentPort === null) {
  throw new Error('this is a thread of fuzz.ts');
}
const port = parentPort;
const order = workerData as Order;
const coverage = new Coverage();
const { Fuzzer } = await import('./fuzzer.ts');
const { readCorpus } = await import('./corpus.ts');
const { loadTarget } = await import('./targets/index.ts');

const target = await loadTarget(order.target);
const { counters, input } = order.shared;
const fuzzer = new Fuzzer(target, coverage, order.seed, (next) => {
  input.set(next.subarray(0, input.length));
  counters[2] = next.length;
  Atomics.add(counters, 1, 1);
});

function report(): void {
  const crashes = [...fuzzer.crashes.values()].map((crash) => ({
    kind: crash.kind,
    input: crash.input,
    text: crash.error instanceof Error ? (crash.error.stack ?? crash.error.message) : String(crash.error),
  }));
  port.postMessage({
    type: 'progress',
    executions: fuzzer.executions,
    corpus: fuzzer.corpus.length,
    coverage: coverage.count(target.covers),
    crashes,
  } satisfies Progress);
}

await fuzzer.add([...target.seeds, ...readCorpus(target.name)]);
let reportedAt = performance.now();
report();
while (Atomics.load(counters, 0) === 0 && fuzzer.executions < order.runs) {
  await fuzzer.step();
  if (performance.now() - reportedAt < REPORT_MS) {
    continue;
  }
  reportedAt = performance.now();
  report();
}
report();
port.postMessage({ type: 'ended', kept: order.keep ? await fuzzer.distil() : [] } satisfies Ended);
