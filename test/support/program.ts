import { type ChildProcess, spawn } from 'node:child_process';

/** How a program ended, and all that it wrote. */
export interface Outcome {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program with pipes, as a script runs it. */
export class Program {
  /** Resolves when it has ended and everything it wrote was read. */
  readonly ended: Promise<Outcome>;
  readonly #process: ChildProcess;
  #stdout = '';
  #stderr = '';
  /** How far `line` has come in standard output. */
  #taken = 0;
  #isOver = false;
  #changed = Promise.withResolvers<void>();

  constructor(words: readonly string[], env: NodeJS.ProcessEnv) {
    this.#process = spawn(process.execPath, [...words], { env, stdio: 'pipe' });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#change();
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    // It may end without reading what it is given.
    this.#process.stdin?.on('error', () => {});
    this.ended = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      this.#process.on('close', (status) => {
        this.#isOver = true;
        this.#change();
        resolve({ status, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** Writes to its standard input. */
  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Writes this, if anything, and ends its standard input. */
  end(text = ''): void {
    this.#process.stdin?.end(text);
  }

  /** Reads no more of what it writes. */
  stopReading(): void {
    this.#process.stdout?.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.#isOver) {
      this.#process.kill(signal);
    }
  }

  /** The next line of its standard output that contains this. */
  async line(what: string): Promise<string> {
    for (;;) {
      const end = this.#stdout.indexOf('\n', this.#taken);
      if (end !== -1) {
        const line = this.#stdout.slice(this.#taken, end);
        this.#taken = end + 1;
        if (line.includes(what)) {
          return line;
        }
      } else if (this.#isOver) {
        throw new Error(`it ended without writing "${what}":\n${this.#stdout}\n${this.#stderr}`);
      } else {
        await this.#changed.promise;
      }
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
