import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopDelay } from './readings.ts';

/** How often a loop is looked at, in ms: 100 wake-ups a second, and no delay of 10 ms is missed. */
const RESOLUTION_MS = 10;

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

/** Watches the event loop of the thread that makes it. */
export class LoopDelayMonitor {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** What was seen since the last reading. */
  reading(): LoopDelay {
    // Node records the time from one look to the next, of which an idle loop takes the resolution.
    const seconds = (ns: number): number => Math.max(0, ns - RESOLUTION_MS * NS_PER_MS) / NS_PER_SECOND;
    const { max } = this.#histogram;
    const delay = {
      median: seconds(this.#histogram.percentile(50)),
      p99: seconds(this.#histogram.percentile(99)),
      max: seconds(max),
    };
    this.#histogram.reset();
    return delay;
  }

  /** Lets the thread end. */
  stop(): void {
    this.#histogram.disable();
  }
}
