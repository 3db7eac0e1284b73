/**
 * The first major version of Node that has what this program is made of: node:sqlite, raw keys, ML-KEM,
 * TypeScript.
 */
const OLDEST_NODE = 24;

/**
 * Is this Node new enough? If not, says in one line what is needed, and sets exit status 2. This file and the
 * two that import it are written so that a Node that is far too old still reads them.
 */
export function nodeWillDo(program: string, version: string = process.versions.node): boolean {
  if (Number.parseInt(version, 10) >= OLDEST_NODE) {
    return true;
  }
  process.stderr.write(
    `${program} needs Node ${OLDEST_NODE} or later, and this is ${version}: get it from https://nodejs.org, ` +
      `or start ${program} in its own folder with "npx ${program}", which brings one along\n`,
  );
  process.exitCode = 2;
  return false;
}
