import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Cleanup, newFolder, Person } from '../../support/programs.ts';
import { ServerLog } from './server-log.ts';
import { Witness } from './witness.ts';

const SERVER = join(import.meta.dirname, '../../../src/cli/bin/farthing-server.ts');

/** The address at which the server listens, and from which the witness comes. */
export const LOCAL = '127.0.0.1';

/**
 * On Linux all of 127.0.0.0/8 is this machine, so that each attacker can come from an address of their own.
 */
export const MANY_ADDRESSES = process.platform === 'linux';

export interface TargetOptions {
  /** Further options of `farthing-server`. */
  readonly flags?: readonly string[];
  /** How many file descriptors the server may have; as many as these tests may when absent. */
  readonly descriptors?: number;
}

/**
 * A real `farthing-server` process on a port of the system's choice, and the witness who uses it all the
 * while.
 */
export class Target {
  readonly port: number;
  /** The server's static key, 32 bytes. */
  readonly key: Uint8Array;
  /** Where its books are. */
  readonly folder: string;
  readonly witness: Witness;
  readonly #process: ServerProcess;
  #addresses = 0;

  private constructor(process: ServerProcess, at: { port: number; key: Uint8Array }, witness: Witness) {
    this.port = at.port;
    this.key = at.key;
    this.folder = process.folder;
    this.witness = witness;
    this.#process = process;
  }

  /** Starts it. When everything is done, `cleanup` stops it and checks its books; see {@link stop}. */
  static async start(cleanup: Cleanup, options: TargetOptions = {}): Promise<Target> {
    const folder = newFolder(cleanup);
    const { env } = new Person(cleanup);
    const process = new ServerProcess(folder, env, options);
    cleanup.after(() => process.kill());
    const { port = 0, key = '' } = await process.log.listening();
    const at = { port, key: new Uint8Array(Buffer.from(key, 'hex')) };
    return new Target(process, at, await Witness.join(at));
  }

  /** An address of this machine from which nobody has come yet, where there are such. */
  newAddress(): string {
    if (!MANY_ADDRESSES) {
      return LOCAL;
    }
    const count = ++this.#addresses;
    return `127.${1 + (count >> 16)}.${(count >> 8) & 255}.${count & 255}`;
  }

  /**
   * Requires the reason that the server's log gives for the end of what came from there: a code, or one of
   * several.
   */
  async assertReason(address: string, ...expected: readonly string[]): Promise<void> {
    // Where addresses are shared the log cannot tell whose end it was.
    if (!MANY_ADDRESSES) {
      return;
    }
    const reason = await this.#process.log.reason(address);
    assert.ok(expected.includes(reason), `the server says ${reason}, expected ${expected.join(' or ')}`);
  }

  /** Bytes of memory that the server has at this moment (Linux). */
  residentBytes(): number {
    return this.#memory('VmRSS');
  }

  /** Measures, from now on, by how many bytes the server's memory grows at most (Linux). */
  memoryGrowth(): () => number {
    writeFileSync(`/proc/${this.#process.pid}/clear_refs`, '5'); // proc(5): forgets the peak
    const before = this.residentBytes();
    return () => this.#memory('VmHWM') - before;
  }

  /** File descriptors that the server has open at this moment (Linux). */
  openDescriptors(): number {
    return readdirSync(`/proc/${this.#process.pid}/fd`).length;
  }

  #memory(what: string): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    const kilobytes = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return Number(kilobytes) * 1024;
  }

  /**
   * The witness pays a last time and leaves; the server stops in good order, having complained of nothing,
   * and its books are right.
   */
  async stop(): Promise<void> {
    await this.witness.leave();
    assert.deepEqual(await this.#process.stop(), { status: 0, stderr: '' });
    const audit = await this.#process.audit();
    assert.equal(audit.status, 0, audit.stdout + audit.stderr);
    assert.ok(audit.stdout.includes('"ok":true'), audit.stdout);
  }
}

class ServerProcess {
  readonly folder: string;
  readonly log: ServerLog;
  readonly #env: NodeJS.ProcessEnv;
  readonly #process: ChildProcess;
  readonly #stderr: Promise<string>;
  readonly #closed: Promise<number | null>;

  constructor(folder: string, env: NodeJS.ProcessEnv, { flags = [], descriptors }: TargetOptions) {
    const words = [SERVER, '0', '--data', folder, '--json', '--host', LOCAL, '--workers', '1', ...flags];
    const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors} && `;
    this.folder = folder;
    this.#env = env;
    this.#process = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, ...words], { env });
    this.#closed = new Promise((resolve) => this.#process.on('close', (status) => resolve(status)));
    this.#stderr = textOf(this.#process.stderr);
    this.log = new ServerLog(this.#process);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  async stop(): Promise<{ status: number | null; stderr: string }> {
    this.#process.kill('SIGTERM');
    return { status: await this.#closed, stderr: await this.#stderr };
  }

  async audit(): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const words = [SERVER, 'audit', '--data', this.folder, '--json'];
    const audit = spawn(process.execPath, words, { env: this.#env });
    const closed = new Promise<number | null>((resolve) => audit.on('close', (status) => resolve(status)));
    const [status, stdout, stderr] = await Promise.all([closed, textOf(audit.stdout), textOf(audit.stderr)]);
    return { status, stdout, stderr };
  }
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? '' : text(stream);
}
