import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Unavailable } from '../case.ts';
import { treeCpuMicros } from './cpu.ts';
import { type DiskFolder, newDiskFolder } from './folder.ts';

/** Debian and Homebrew keep most of PostgreSQL's programs out of the PATH. */
const ELSEWHERE = [
  '/usr/lib/postgresql/*/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
];

/** What is needed, all from one folder, so that all are of one version. */
const PROGRAMS = ['initdb', 'postgres', 'pgbench'];

/** The user that Debian's packages make. PostgreSQL does not run as root. */
const USER = 'postgres';

/**
 * Sized as its manual says for a machine that does other things too; what makes a commit durable is as it
 * comes.
 */
const SETTINGS = ['shared_buffers=1GB', 'max_wal_size=4GB', 'listen_addresses='];

/** Text sorts by its bytes, and messages are in English, whatever is set here. */
const LOCALE = { LC_ALL: 'C' };

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** A PostgreSQL of its own, in a folder that goes away with it, reached through a socket in that folder. */
export class Postgres {
  readonly #bin: string;
  readonly #user: User | undefined;
  readonly #folder: DiskFolder;
  readonly #process: ChildProcess;

  private constructor(bin: string, user: User | undefined, folder: DiskFolder) {
    this.#bin = bin;
    this.#user = user;
    this.#folder = folder;
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    const words = ['-D', dataOf(folder), '-k', folder.path, ...settings];
    const stdio = ['ignore', 'ignore', 'pipe'] as const;
    this.#process = spawn(join(bin, 'postgres'), words, { ...place(folder, user), stdio: [...stdio] });
  }

  /** Makes the cluster and starts it. Throws {@link Unavailable} where PostgreSQL is not installed. */
  static async start(): Promise<Postgres> {
    const bin = findPrograms();
    const user = process.getuid?.() === 0 ? findUser() : undefined;
    const folder = newDiskFolder(user);
    try {
      const words = ['-D', dataOf(folder), '-U', USER, '--auth=trust', '--encoding=UTF8'];
      await promisify(execFile)(join(bin, 'initdb'), words, place(folder, user));
      const postgres = new Postgres(bin, user, folder);
      await postgres.#ready();
      return postgres;
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  /** Runs pgbench to its end, in the folder, and returns what it has printed. */
  async pgbench(...words: readonly string[]): Promise<string> {
    const child = spawn(join(this.#bin, 'pgbench'), ['-h', this.#folder.path, '-U', USER, ...words, USER], {
      ...place(this.#folder, this.#user),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let problems = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      problems += part;
    });
    const [status] = await once(child, 'close');
    if (status !== 0) {
      throw new Error(`pgbench ended with ${status}: ${problems}`);
    }
    return text;
  }

  /** The folder where pgbench writes. */
  get folder(): string {
    return this.#folder.path;
  }

  /** What all its processes have used so far, µs. */
  get cpuMicros(): number {
    return treeCpuMicros(this.#process.pid ?? Number.NaN);
  }

  /** Ends it, and removes the cluster. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      // Fast shutdown: links are cut, nothing is waited for.
      this.#process.kill('SIGINT');
      await exited;
    }
    this.#folder.remove();
  }

  async #ready(): Promise<void> {
    const { stderr } = this.#process;
    if (stderr === null) {
      throw new RangeError('its log is a pipe');
    }
    const said: string[] = [];
    for await (const line of createInterface(stderr)) {
      said.push(line);
      if (!line.includes('ready to accept connections')) {
        continue;
      }
      // What it says from now on is nobody's business, but somebody has to read it.
      stderr.resume();
      return;
    }
    throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
  }
}

function dataOf(folder: DiskFolder): string {
  return join(folder.path, 'data');
}

/** Where and as whom its programs run. */
function place(folder: DiskFolder, user: User | undefined) {
  return { cwd: folder.path, env: { ...process.env, ...LOCALE }, ...user };
}

function findPrograms(): string {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...globSync(ELSEWHERE).toSorted().reverse(),
  ];
  const found = folders.find((folder) => PROGRAMS.every((program) => isExecutable(join(folder, program))));
  if (found === undefined) {
    throw new Unavailable(`PostgreSQL (${PROGRAMS.join(', ')}) is not installed`);
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findUser(): User {
  try {
    const ask = (what: string) =>
      Number(execFileSync('id', [what, USER], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    throw new Unavailable(`PostgreSQL does not run as root, and there is no user ${USER}`);
  }
}
