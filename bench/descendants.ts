import { execFileSync } from 'node:child_process';

/** The process ids of all that this process started, and of all that those started. */
function descendants(): number[] {
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const parents = [...listing.matchAll(/(\d+)\s+(\d+)/g)].map(([, pid, parent]) => [
    Number(pid),
    Number(parent),
  ]);
  const found = new Set([process.pid]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [pid = 0, parent = 0] of parents) {
      if (found.has(parent)) {
        found.add(pid);
      }
    }
  }
  found.delete(process.pid);
  return [...found];
}

/** Ends whatever a contender left running, so that a run that failed halfway leaves nothing behind. */
export function endDescendants(): void {
  for (const pid of descendants()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended since: ps itself always has.
    }
  }
}
