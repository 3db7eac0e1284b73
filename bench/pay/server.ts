import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { cpuMicros } from './cpu.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'dist/cli/bin/farthing-server.js');
const SOURCE = join(ROOT, 'src/cli/bin/farthing-server.ts');

/** What `farthing-server audit --json` says. */
export interface Audit {
  readonly ok: boolean;
  readonly accounts: number;
  readonly transfers: number;
  /** Minor units in the hands of people. */
  readonly circulationMinor: number;
}

/** How a server is to run. */
export interface ServerSetup {
  readonly backend: 'native' | 'noble';
  /** The program: what is built, or the sources where nothing is built. */
  readonly program?: string;
}

/**
 * The real `farthing-server` in a process of its own, started as its users start it, quiet and without rates.
 */
export class ServerProcess {
  readonly port: number;
  /** 64 hex digits. */
  readonly key: string;
  readonly #process: ChildProcess;
  readonly #program: string;
  readonly #dataDir: string;

  private constructor(
    process: ChildProcess,
    program: string,
    dataDir: string,
    ready: { port: number; key: string },
  ) {
    this.#process = process;
    this.#program = program;
    this.#dataDir = dataDir;
    this.port = ready.port;
    this.key = ready.key;
  }

  /** Starts it on a free port of this machine, with its data in a folder, and waits until it listens. */
  static async start(
    dataDir: string,
    { backend, program = newestProgram() }: ServerSetup,
  ): Promise<ServerProcess> {
    const words = ['0', '--host', '127.0.0.1', '--data', dataDir, '--backend', backend];
    const child = spawn(process.execPath, [program, ...words, '--no-rates', '--quiet', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout);
    const ended = once(child, 'exit').then(([status]) => {
      throw new Error(`farthing-server ended with ${status} before it listened`);
    });
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    ended.catch(() => {});
    return new ServerProcess(child, program, dataDir, JSON.parse(line) as { port: number; key: string });
  }

  /** What it has used so far, with all its threads, µs. */
  get cpuMicros(): number {
    return cpuMicros(this.#process.pid ?? Number.NaN);
  }

  /** Stops it in good order, and audits its books. Throws when it did not end well. */
  async stop(): Promise<Audit> {
    await this.#end('SIGTERM');
    if (this.#process.exitCode !== 0) {
      throw new Error(`farthing-server ended with ${this.#process.exitCode ?? this.#process.signalCode}`);
    }
    const words = [this.#program, 'audit', '--data', this.#dataDir, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    return JSON.parse(stdout) as Audit;
  }

  /** Ends it at once, if it still runs. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return;
    }
    const exited = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exited;
  }
}

function newestProgram(): string {
  return existsSync(BUILT) ? BUILT : SOURCE;
}
