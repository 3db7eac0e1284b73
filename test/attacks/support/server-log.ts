import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One line of a server's log, as far as the tests look at it. */
export interface LogLine {
  readonly event?: string;
  readonly host?: string;
  readonly reason?: string;
  readonly port?: number;
  readonly key?: string;
}

/** The events by which the server says that it is done with somebody, and why. */
const ENDS: ReadonlySet<string | undefined> = new Set(['unopened', 'disconnect']);

/** What a server writes with `--json`, read as it comes. */
export class ServerLog {
  readonly #reasons = new Map<string, string[]>();
  readonly #waiting = new Map<string, PromiseWithResolvers<string>[]>();
  readonly #listening = Promise.withResolvers<LogLine>();

  constructor({ stdout }: ChildProcess) {
    if (stdout === null) {
      throw new TypeError('a server whose standard output is not read');
    }
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => {
      // A flood has two lines for each request: they are not worth being parsed.
      if (!line.includes('"message"')) {
        this.#take(JSON.parse(line) as LogLine);
      }
    });
    lines.on('close', () => this.#listening.reject(new Error('the server ended before it listened')));
  }

  /** The line that says where it listens. */
  listening(): Promise<LogLine> {
    return this.#listening.promise;
  }

  /** Why the server ended what came from that address: each call takes the next of its ends. */
  reason(host: string): Promise<string> {
    const known = this.#reasons.get(host)?.shift();
    if (known !== undefined) {
      return Promise.resolve(known);
    }
    const waiting = Promise.withResolvers<string>();
    this.#waiting.set(host, [...(this.#waiting.get(host) ?? []), waiting]);
    return waiting.promise;
  }

  #take(line: LogLine): void {
    if (line.event === 'listening') {
      this.#listening.resolve(line);
    }
    const { host, reason } = line;
    if (!ENDS.has(line.event) || host === undefined || reason === undefined) {
      return;
    }
    const waiting = this.#waiting.get(host)?.shift();
    if (waiting !== undefined) {
      waiting.resolve(reason);
    } else {
      this.#reasons.set(host, [...(this.#reasons.get(host) ?? []), reason]);
    }
  }
}
