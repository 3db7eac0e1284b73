import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Outcome, Program } from './program.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

const CLI = join(import.meta.dirname, '../../src/cli/bin');
const CLIENT = join(CLI, 'farthing.ts');
const SERVER = join(CLI, 'farthing-server.ts');

/**
 * What Node has compiled is kept for the next program of the same test file, which then starts in a third of
 * the time.
 */
const compiled = mkdtempSync(join(tmpdir(), 'farthing-compiled-'));
process.on('exit', () => rmSync(compiled, { recursive: true, force: true }));

/** What cleans up afterwards: a test's context, or {@link Leftovers}. */
export interface Cleanup {
  after(clean: () => void | Promise<void>): void;
}

/** What all the tests of a file leave behind, for its `after`: `after(() => leftovers.clear())`. */
export class Leftovers implements Cleanup {
  readonly #cleaners: (() => void | Promise<void>)[] = [];

  after(clean: () => void | Promise<void>): void {
    this.#cleaners.push(clean);
  }

  /** What came last goes first. */
  async clear(): Promise<void> {
    for (const clean of this.#cleaners.toReversed()) {
      await clean();
    }
  }
}

/** A new empty folder, removed afterwards. */
export function newFolder(cleanup: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-e2e-'));
  cleanup.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Somebody at a computer of their own: nothing of whoever runs the tests is seen or touched. */
export class Person {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #cleanup: Cleanup;

  constructor(cleanup: Cleanup, extra: NodeJS.ProcessEnv = {}) {
    this.#cleanup = cleanup;
    this.folder = newFolder(cleanup);
    this.env = {
      PATH: process.env['PATH'],
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      XDG_DATA_HOME: join(this.folder, 'data'),
      XDG_STATE_HOME: join(this.folder, 'state'),
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      NODE_COMPILE_CACHE: compiled,
      ...extra,
    };
  }

  /** Runs `farthing` to its end, with nothing on its standard input. */
  run(...words: readonly string[]): Promise<Outcome> {
    return this.pipe('', ...words);
  }

  /** Runs `farthing` to its end, with this on its standard input. */
  pipe(input: string, ...words: readonly string[]): Promise<Outcome> {
    const program = this.start(...words);
    program.end(input);
    return program.ended;
  }

  /** Starts `farthing` with pipes. */
  start(...words: readonly string[]): Program {
    return this.#started(new Program([CLIENT, ...words], this.env));
  }

  /** Starts `farthing` in a terminal. */
  open(t: TestContext, words: readonly string[], size: Omit<TerminalOptions, 'env'> = {}): Terminal {
    return new Terminal(t, [CLIENT, ...words], { env: this.env, ...size });
  }

  /** Starts `farthing-server` in a terminal. */
  openServer(t: TestContext, words: readonly string[]): Terminal {
    return new Terminal(t, [SERVER, ...words], { env: this.env });
  }

  /** Starts `farthing-server` with pipes. */
  serve(...words: readonly string[]): Program {
    return this.#started(new Program([SERVER, ...words], this.env));
  }

  #started(program: Program): Program {
    this.#cleanup.after(async () => {
      program.kill('SIGKILL');
      await program.ended;
    });
    return program;
  }
}

/** A `farthing-server` that is ready. */
export class RunningServer {
  readonly program: Program;
  readonly port: number;
  /** 64 hex digits. */
  readonly key: string;
  /** HOST:PORT, without the key. */
  readonly endpoint: string;
  /** What stands on a command line to reach it, its key pinned. */
  readonly flags: readonly string[];

  private constructor(program: Program, port: number, key: string) {
    this.program = program;
    this.port = port;
    this.key = key;
    this.endpoint = `127.0.0.1:${port}`;
    this.flags = ['--server', this.endpoint, '--server-key', key];
  }

  /**
   * Starts a server with its books in `folder`, on a free port unless another is named, stopped afterwards.
   */
  static async start(
    cleanup: Cleanup,
    folder = newFolder(cleanup),
    port = 0,
    ...options: readonly string[]
  ): Promise<RunningServer> {
    const operator = new Person(cleanup);
    const program = operator.serve(
      String(port),
      '--data',
      folder,
      '--json',
      '--host',
      '127.0.0.1',
      ...options,
    );
    const ready: { port: number; key: string } = JSON.parse(await program.line('"listening"'));
    return new RunningServer(program, ready.port, ready.key);
  }

  /** Stops it in good order. */
  async stop(): Promise<Outcome> {
    this.program.kill('SIGTERM');
    return this.program.ended;
  }
}
