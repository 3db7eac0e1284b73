import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'disk-full.process.ts');
/** The whole disk: a server's books, and the space that it is to leave free, several times over. */
const DISK_MIB = 32;
/** Mounts where nobody else sees it, so that it is gone with the process. */
const MOUNT = 'mount -t tmpfs -o size="$0"m farthing "$1" && shift && exec "$@"';

/** Why no small disk can be made here, or undefined. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') {
    return 'this needs Linux';
  }
  if (process.getuid?.() !== 0) {
    return 'only root may mount a small disk';
  }
  const { error, status } = spawnSync('unshare', ['-m', 'true']);
  return error === undefined && status === 0 ? undefined : 'mount namespaces are not allowed here';
}

/** Runs a server on a small disk. Returns its lines, and whether all was well. */
export function runOnSmallDisk(): { isGood: boolean; text: string } {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-disk-'));
  try {
    const command = ['sh', '-c', MOUNT, String(DISK_MIB), folder, process.execPath, PROGRAM, folder];
    const { status, stdout, stderr } = spawnSync('unshare', ['-m', ...command], { encoding: 'utf8' });
    return { isGood: status === 0, text: `${stdout}${stderr}`.trimEnd() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
