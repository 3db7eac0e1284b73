import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { styleText } from 'node:util';
import { fold, heads, type Line, outputWidth, rows } from './lanes.ts';
import { Program } from './program.ts';

const DIST = join(import.meta.dirname, '../../dist/cli/bin');
/** The programs as they are installed: `dist/` after a build. */
const PROGRAMS = { farthing: join(DIST, 'farthing.js'), 'farthing-server': join(DIST, 'farthing-server.js') };

/**
 * Where the demo plays: a folder for everything that the programs write, the programs that run, and the
 * transcript. Nothing of it is left after `clear()`.
 */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'farthing-demo-'));
  readonly #programs: Program[] = [];
  readonly #width = outputWidth();
  readonly #write: (text: string) => void;
  #lanes: Program[] = [];
  #steps = 0;
  #cleared = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Starts one of our programs, with nothing of this user's own settings. */
  start(name: string, program: keyof typeof PROGRAMS, ...args: string[]): Program {
    if (this.#cleared) {
      throw new Error('interrupted');
    }
    const env = {
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      XDG_DATA_HOME: join(this.folder, 'data'),
      XDG_STATE_HOME: join(this.folder, 'state'),
      NO_COLOR: '1',
      TERM: 'dumb',
      LANG: 'C.UTF-8',
    };
    const started = new Program(name, PROGRAMS[program], args, env);
    this.#programs.push(started);
    return started;
  }

  /** Names the programs whose lines are shown from now on, one lane each. */
  lanes(...programs: Program[]): void {
    this.#lanes = programs;
    this.#write(
      `\n${heads(
        programs.map(({ name }) => name),
        this.#width,
      )}\n`,
    );
  }

  /** One thing that happens, shown when it has happened as it should; throws where it has not. */
  async step(title: string, happens: () => Promise<void>): Promise<void> {
    this.#steps += 1;
    for (const program of this.#lanes) {
      program.forget();
    }
    try {
      await happens();
    } catch (error) {
      this.#show('✖', title);
      throw error;
    }
    this.#show('✔', title);
  }

  /** Shows, over the whole width, what was typed in a shell and what the program has written so far. */
  show(program: Program, ...typed: string[]): void {
    const command = fold(`$ ${typed.join(' ')}`, this.#width).map((line) => styleText('cyan', line));
    this.#write(`\n${command.join('\n')}\n${rows([program.take()], this.#width)}\n`);
  }

  /** Ends every program and removes the folder. */
  async clear(): Promise<void> {
    this.#cleared = true;
    for (const program of this.#programs) {
      program.signal('SIGKILL');
    }
    await Promise.allSettled(this.#programs.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #show(mark: string, title: string): void {
    const taken: Line[][] = this.#lanes.map((program) => program.take());
    const text = rows(taken, this.#width);
    this.#write(
      `${styleText('bold', `${mark} ${this.#steps}. ${title}`)}\n${text}${text === '' ? '' : '\n'}`,
    );
  }
}
