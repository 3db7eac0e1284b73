import { TICK_MS } from './limits.ts';

/** Something with deadlines. */
export interface Ticking {
  /** `now`: milliseconds, as {@link now} gives them. */
  tick(now: number): void;
}

const ticking = new Set<Ticking>();
let timer: NodeJS.Timeout | undefined;

/** Milliseconds of a steady clock. */
export function now(): number {
  return performance.now();
}

/** Calls `tick` about every {@link TICK_MS}: one coarse timer for all links of a thread, none that keeps it alive. */
export function watch(one: Ticking): void {
  ticking.add(one);
  timer ??= setInterval(() => {
    const time = now();
    for (const each of ticking) each.tick(time);
  }, TICK_MS).unref();
}

/** Ends the calls. */
export function unwatch(one: Ticking): void {
  ticking.delete(one);
  if (ticking.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
