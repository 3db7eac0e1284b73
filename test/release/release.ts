// `make release`: makes the package, tries it, and says what to do with it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pack } from './pack.ts';
import { refusals } from './refusals.ts';

const ROOT = join(import.meta.dirname, '../..');
const RELEASE = join(ROOT, 'release');

async function release(): Promise<string | undefined> {
  const reasons = refusals(ROOT);
  if (reasons.length > 0) {
    return reasons.join('\n');
  }
  mkdirSync(RELEASE, { recursive: true });
  const folder = mkdtempSync(join(RELEASE, 'making-'));
  try {
    const { file, sha256 } = await pack(folder);
    if (!passes(file)) {
      return 'the tests of the release have failed';
    }
    const kept = join(RELEASE, basename(file));
    renameSync(file, kept);
    console.log(nextSteps(relative(ROOT, kept), sha256));
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tries this very file. */
function passes(tarball: string): boolean {
  const { status } = spawnSync(process.execPath, ['test/run.ts', 'test/release'], {
    cwd: ROOT,
    env: { ...process.env, FARTHING_TARBALL: tarball },
    stdio: 'inherit',
  });
  return status === 0;
}

function nextSteps(file: string, sha256: string): string {
  const version = /farthing-(.+)\.tgz$/.exec(file)?.[1] ?? '';
  return `
${sha256}  ${file}

The same commit gives the same bytes in every folder and at every time. To release it:
  git tag --annotate v${version} --message 'Farthing ${version}, sha256 ${sha256}'
  git push origin v${version}
  npm publish ./${file}`;
}

const refusal = await release();
if (refusal !== undefined) {
  console.error(`Not released: ${refusal}`);
  process.exitCode = 1;
}
