import { readFileSync } from 'node:fs';

/** Microseconds of a clock tick, the unit of /proc: USER_HZ is 100 on every platform that Node runs on. */
const TICK_US = 10_000;
/**
 * Of the fields behind the name: state is the first, `cutime` and `cstime` the 14th and 15th (proc(5), fields
 * 16 and 17).
 */
const CUTIME = 13;

/**
 * CPU time, user and system, µs, of all the children of this process that have ended, their last moments
 * included. Undefined where there is no /proc (macOS): Node gives it of no process but its own.
 */
export function childrensCpuUs(): number | undefined {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[CUTIME]) + Number(fields[CUTIME + 1]);
  return Number.isFinite(ticks) ? ticks * TICK_US : undefined;
}
