// Somebody who uses the package: an empty folder into which a package manager installs the tarball.
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Cleanup, newFolder } from '../support/programs.ts';
import { pack } from './pack.ts';

const MODULES = join(import.meta.dirname, '../../node_modules');
/**
 * What pnpm and Yarn have fetched is kept here for the next run, as npm keeps it for itself. `npm ci` removes
 * it.
 */
const CACHE = join(MODULES, '.cache');

/** The tarball that is to be released, else one like it. */
export async function tarball(cleanup: Cleanup): Promise<string> {
  return process.env['FARTHING_TARBALL'] ?? (await pack(newFolder(cleanup))).file;
}

export interface Manager {
  /** The words that add a tarball to a project's packages. */
  add(file: string): readonly string[];
  /** The words in front of a line for the shell that names programs which packages brought. */
  readonly shell: readonly string[];
  /** The file that says what was installed. */
  readonly lockFile: string;
  readonly env?: NodeJS.ProcessEnv;
}

export const NPM: Manager = {
  add: (file) => ['npm', 'install', '--prefer-offline', file],
  shell: ['npm', 'exec', '--offline', '--call'],
  lockFile: 'package-lock.json',
};

const pnpm = [process.execPath, join(MODULES, 'pnpm/bin/pnpm.mjs')];

export const PNPM: Manager = {
  add: (file) => [...pnpm, 'add', '--prefer-offline', file],
  shell: [...pnpm, 'exec', 'sh', '-c'],
  lockFile: 'pnpm-lock.yaml',
  env: { pnpm_config_store_dir: join(CACHE, 'pnpm-store'), pnpm_config_cache_dir: join(CACHE, 'pnpm') },
};

const yarn = [process.execPath, join(MODULES, '@yarnpkg/cli-dist/bin/yarn.js')];

/** As it comes: without node_modules, and with nothing to be had that a package does not declare. */
export const YARN: Manager = {
  add: (file) => [...yarn, 'add', `farthing@file:${file}`],
  shell: [...yarn, 'exec'],
  lockFile: 'yarn.lock',
  get env() {
    return {
      YARN_NPM_REGISTRY_SERVER: npmConfig('registry'),
      YARN_GLOBAL_FOLDER: join(CACHE, 'yarn'),
      YARN_ENABLE_TELEMETRY: '0',
    };
  },
};

/**
 * What npm sets for this project's scripts, except where packages come from, and what is set for Farthing.
 */
const OURS = /^(npm_(?!config_(registry|cafile|cache|userconfig)$)|FARTHING_)/;

/** What npm is told of the machine's registry, and the others are not; empty for nothing. */
function npmConfig(name: 'registry' | 'cafile'): string {
  const value = execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim();
  return value === 'null' ? '' : value;
}

export class Consumer {
  readonly folder: string;
  readonly #manager: Manager;
  readonly #env: NodeJS.ProcessEnv;

  constructor(cleanup: Cleanup, manager: Manager, env: NodeJS.ProcessEnv = {}) {
    this.folder = newFolder(cleanup);
    this.#manager = manager;
    const others = Object.entries(process.env).filter(([name]) => !OURS.test(name));
    const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
    this.#env = {
      NODE_EXTRA_CA_CERTS: npmConfig('cafile'),
      ...Object.fromEntries(others),
      PATH,
      ...manager.env,
      ...env,
    };
    this.write('package.json', '{ "name": "consumer", "private": true, "type": "module" }');
    // Without one, Yarn looks for a project around this folder.
    this.write(YARN.lockFile, '');
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Installs the tarball; returns all that the package manager said. */
  async add(file: string, ...options: readonly string[]): Promise<string> {
    const { stdout, stderr } = await this.run([...this.#manager.add(file), ...options]);
    return stdout + stderr;
  }

  /**
   * Runs a line of the shell in which `node` and the programs of the packages are known; returns what it
   * printed.
   */
  async shell(line: string): Promise<string> {
    return (await this.run([...this.#manager.shell, line])).stdout;
  }

  /** Runs Node; returns what it printed. */
  async node(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    return (await this.run([process.execPath, ...words], env)).stdout;
  }

  /** Rejects when the program fails, with all that it said. */
  async run([program = '', ...words]: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return await promisify(execFile)(program, words, { cwd: this.folder, env: { ...this.#env, ...env } });
  }
}
