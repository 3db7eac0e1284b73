import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DiskEvent } from './disk-log.ts';

const CALLS =
  'openat,creat,pwrite64,pwritev,pwritev2,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2,fallocate';
/** Bytes of one write that are recorded: more than SQLite ever writes at once. */
const MAX_BYTES = 1024 * 1024;
/** The file in which the program notes what it has answered. */
const ANSWERS = 'answers';

/** Why no program can be traced here, or undefined. */
export function whyNoTrace(): string | undefined {
  const { error, status, stderr } = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true'], {
    encoding: 'utf8',
  });
  if (error !== undefined) {
    return 'there is no strace';
  }
  return status === 0 ? undefined : `strace may not trace: ${stderr.trim()}`;
}

/** Runs a program, and records what it does to the files directly in `folder`. */
export async function recordCalls(program: readonly string[], folder: string): Promise<DiskEvent[]> {
  const aside = mkdtempSync(join(tmpdir(), 'farthing-strace-'));
  const output = join(aside, 'calls');
  try {
    const args = ['-f', '-qq', '-y', '-xx', '-s', String(MAX_BYTES), '-e', `trace=${CALLS}`, '-o', output];
    const child = spawn('strace', [...args, ...program], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [status] = await once(child, 'exit');
    if (status !== 0) {
      throw new Error(`${program.join(' ')} ended with ${status} under strace`);
    }
    const reader = new TraceReader(folder);
    for await (const line of createInterface(createReadStream(output, 'latin1'))) {
      reader.read(line);
    }
    return reader.events;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** `1234  pwrite64(7<\x2f…>, "\x00…", 24, 32) = 24`, with every string and path in hex. */
class TraceReader {
  readonly events: DiskEvent[] = [];
  readonly #folder: string;
  /** The file that each name stands for at this moment. */
  readonly #names = new Map<string, number>();
  /** Calls that another thread has interrupted, by thread. */
  readonly #unfinished = new Map<string, string>();
  #files = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(line: string): void {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    const begun = /^(.*) <unfinished \.\.\.>$/s.exec(text)?.[1];
    if (begun !== undefined) {
      this.#unfinished.set(thread, begun);
      return;
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/s.exec(text)?.[1];
    this.#call(rest === undefined ? text : (this.#unfinished.get(thread) ?? '') + rest);
  }

  #call(text: string): void {
    const [, name = '', words = '', result] = /^(\w+)\((.*)\) += (-?\d+)/s.exec(text) ?? [];
    if (result === undefined || Number(result) < 0) {
      return;
    }
    const paths = [...words.matchAll(/[<"]((?:\\x[0-9a-f]{2})+)[>"]/g)].map(([, hex = '']) => fromHex(hex));
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = paths;
    const numbers =
      words
        .replaceAll(/[<"](?:\\x[0-9a-f]{2})*[>"]/g, '')
        .match(/-?\d+/g)
        ?.map(Number) ?? [];
    switch (name) {
      case 'openat':
        if (words.includes('O_CREAT')) {
          this.#open(second.toString(), words.includes('O_TRUNC'));
        }
        break;
      case 'pwrite64':
        this.#onFile(first, (file) => ({ type: 'write', file, offset: numbers.at(-1) ?? 0, bytes: second }));
        break;
      case 'write':
        if (first.toString() === join(this.#folder, ANSWERS)) {
          this.events.push({ type: 'answered', seq: Number(second) });
        }
        break;
      case 'ftruncate':
        this.#onFile(first, (file) => ({ type: 'truncate', file, size: numbers.at(-1) ?? 0 }));
        break;
      case 'fsync':
      case 'fdatasync':
        if (first.toString() === this.#folder) {
          this.events.push({ type: 'sync folder' });
        } else {
          this.#onFile(first, (file) => ({ type: 'sync', file }));
        }
        break;
      case 'unlink':
        this.#unlink(first.toString());
        break;
      case 'rename':
        this.#rename(first.toString(), second.toString());
        break;
      default:
        // Nothing here is known to make them. What is not understood must not pass for nothing.
        if (paths.some((path) => this.#nameIn(path.toString()) !== undefined)) {
          throw new Error(`${name} is not read`);
        }
    }
  }

  /** The name of a file directly in the folder, but for the one with the answers. */
  #nameIn(path: string): string | undefined {
    const name = basename(path);
    return dirname(path) === this.#folder && name !== ANSWERS ? name : undefined;
  }

  #open(path: string, truncates: boolean): void {
    const name = this.#nameIn(path);
    if (name === undefined) {
      return;
    }
    const known = this.#names.get(name);
    if (known === undefined) {
      this.#files += 1;
      this.#names.set(name, this.#files);
      this.events.push({ type: 'create', name, file: this.#files });
    } else if (truncates) {
      this.events.push({ type: 'truncate', file: known, size: 0 });
    }
  }

  #onFile(path: Buffer, event: (file: number) => DiskEvent): void {
    const file = this.#names.get(this.#nameIn(path.toString()) ?? '');
    if (file !== undefined) {
      this.events.push(event(file));
    }
  }

  #unlink(path: string): void {
    const name = this.#nameIn(path);
    if (name !== undefined && this.#names.delete(name)) {
      this.events.push({ type: 'unlink', name });
    }
  }

  #rename(oldPath: string, newPath: string): void {
    const [from, to] = [this.#nameIn(oldPath), this.#nameIn(newPath)];
    const file = this.#names.get(from ?? '');
    if (from === undefined || to === undefined || file === undefined) {
      return;
    }
    this.#names.delete(from);
    this.#names.set(to, file);
    this.events.push({ type: 'rename', from, to });
  }
}

function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}
