// The package as it is published: made from the sources alone, so that the same commit gives the same bytes
// in every folder.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

/** What is built from, beside what is installed in node_modules/. */
const SOURCES = ['package.json', 'tsconfig.json', 'src'];

/** What stands beside `dist` in the package. */
const TEXTS = ['README.md', 'LICENSE'];

/** What package.json says to those who work on Farthing, and not to those who use it. */
const OF_THE_REPOSITORY = ['private', 'scripts', 'devDependencies', 'overrides', 'allowScripts', 'knip'];

export interface Tarball {
  readonly file: string;
  /** 64 hex digits. */
  readonly sha256: string;
}

/**
 * Builds in `folder`, which is empty, and makes the tarball there. It is compressed by the zlib of Node: on
 * another kind of processor its bytes might differ, but not those that come out when it is unpacked.
 */
export async function pack(folder: string): Promise<Tarball> {
  const build = join(folder, 'build');
  const packed = join(folder, 'package');
  for (const name of SOURCES) {
    cpSync(join(ROOT, name), join(build, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(build, 'node_modules'));
  await npm(build, 'run', 'build');

  cpSync(join(build, 'dist'), join(packed, 'dist'), { recursive: true });
  for (const name of TEXTS) {
    cpSync(join(ROOT, name), join(packed, name));
  }
  writeFileSync(join(packed, 'package.json'), published(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  // npm dates all files alike and knows no owners, but takes their modes as they are, which the umask has a
  // part in.
  for (const entry of readdirSync(packed, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) {
      continue;
    }
    const file = join(entry.parentPath, entry.name);
    chmodSync(file, statSync(file).mode & 0o100 ? 0o755 : 0o644);
  }
  await npm(packed, 'pack', '--ignore-scripts', '--pack-destination', folder);

  const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

function published(manifest: string): string {
  const fields = Object.entries(JSON.parse(manifest)).filter(([name]) => !OF_THE_REPOSITORY.includes(name));
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`;
}

/** Runs npm on the Node that runs this file. */
async function npm(cwd: string, ...words: readonly string[]): Promise<void> {
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  await promisify(execFile)('npm', [...words], { cwd, env: { ...process.env, PATH } });
}
