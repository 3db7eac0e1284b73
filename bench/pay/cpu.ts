import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts the CPU time of processes in hundredths of a second for every program (proc(5), USER_HZ). */
const US_PER_TICK = 10_000;

/**
 * One process, as proc(5) `/proc/pid/stat` has it: times in ticks, of itself and of its children that have
 * ended.
 */
interface Stat {
  readonly parent: number;
  readonly own: number;
  readonly children: number;
}

/** CPU time that a process has used with all its threads, user and system, µs. */
export function cpuMicros(pid: number): number {
  return process.platform === 'linux' ? readStat(pid).own * US_PER_TICK : cpuByPs(`-p ${pid}`);
}

/**
 * CPU time of a process and of all its children, those that have ended too, µs. Linux only; elsewhere without
 * those.
 */
export function treeCpuMicros(pid: number): number {
  if (process.platform !== 'linux') {
    return cpuByPs(`-p ${pid}`) + cpuByPs(`-g ${pid}`);
  }
  // The children first: one that ends meanwhile is then counted among those that have ended, never not at
  // all.
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readStatIfAlive(Number(entry)) : undefined;
    if (stat?.parent === pid) {
      ticks += stat.own + stat.children;
    }
  }
  const { own, children } = readStat(pid);
  return (ticks + own + children) * US_PER_TICK;
}

function readStatIfAlive(pid: number): Stat | undefined {
  try {
    return readStat(pid);
  } catch {
    return undefined;
  }
}

function readStat(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything, come the state (field 3) and the numbers from field 4 on.
  const fields = text
    .slice(text.lastIndexOf(')') + 4)
    .split(' ')
    .map(Number);
  const field = (number: number): number => fields[number - 4] ?? Number.NaN;
  return { parent: field(4), own: field(14) + field(15), children: field(16) + field(17) };
}

/** The sum over the processes that ps(1) finds: `[[days-]hours:]minutes:seconds` each. */
function cpuByPs(which: string): number {
  const text = execFileSync('ps', ['-o', 'time=', ...which.split(' ')], { encoding: 'utf8' });
  const times = text.trim().split(/\s+/);
  return times.reduce((sum, time) => sum + secondsOf(time) * 1_000_000, 0);
}

function secondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), Number(days) * 24);
}
