// What must be so before anything is released.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why the repository in `root` cannot be released as it is, in plain words: nothing when it can. */
export function refusals(root: string): string[] {
  const version = versionOf(root, 'package.json', /"version": "(.+?)"/);
  return [...uncommitted(root), ...otherVersions(root, version), ...releasedBefore(root, version)];
}

function uncommitted(root: string): string[] {
  const changes = git(root, 'status', '--porcelain').trimEnd();
  return changes === '' ? [] : [`what is not committed would not be in the release:\n${changes}`];
}

/** The same version stands in four places. In the change log it is that of the newest entry. */
function otherVersions(root: string, version: string): string[] {
  const places = {
    'package-lock.json': /"version": "(.+?)"/,
    'src/system/version.ts': /VERSION = '(.+?)'/,
    '.github/CHANGELOG.md': /^## \[(.+?)\]/m,
  };
  return Object.entries(places)
    .map(([file, pattern]) => ({ file, other: versionOf(root, file, pattern) }))
    .filter(({ other }) => other !== version)
    .map(({ file, other }) => `package.json has version ${version}, ${file} has ${other}`);
}

function versionOf(root: string, file: string, pattern: RegExp): string {
  return pattern.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? 'none';
}

/** Of a tag, whether it is annotated or not. */
const COMMIT = '%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)';

/** A version is one commit for ever. */
function releasedBefore(root: string, version: string): string[] {
  const tagged = git(root, 'for-each-ref', `--format=${COMMIT}`, `refs/tags/v${version}`).trimEnd();
  const head = git(root, 'rev-parse', 'HEAD').trimEnd();
  return tagged === '' || tagged === head
    ? []
    : [`version ${version} is the tag of another commit, ${tagged}`];
}

function git(root: string, ...words: readonly string[]): string {
  return execFileSync('git', ['-C', root, ...words], { encoding: 'utf8' });
}
