/**
 * What a program did to the files of one folder, in order. A file is known by number: its name may change,
 * and another file may take its name.
 */
export type DiskEvent =
  | { readonly type: 'create'; readonly name: string; readonly file: number }
  | { readonly type: 'rename'; readonly from: string; readonly to: string }
  | { readonly type: 'unlink'; readonly name: string }
  | { readonly type: 'sync folder' }
  | { readonly type: 'write'; readonly file: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly type: 'truncate'; readonly file: number; readonly size: number }
  | { readonly type: 'sync'; readonly file: number }
  /** All transfers up to this `seq` are answered from now on. */
  | { readonly type: 'answered'; readonly seq: number };

type FolderChange = Extract<DiskEvent, { readonly type: 'create' | 'rename' | 'unlink' }>;
export type FileChange = Extract<DiskEvent, { readonly type: 'write' | 'truncate' }>;

/** One file: what is on the medium for certain, and what may be. */
export interface DiskFile {
  /** The beginning of it is `durable`, the rest is zero. */
  memory: Buffer;
  /** Valid until the next event. */
  durable: Buffer;
  /** Since the last sync, in order. */
  pending: FileChange[];
}

/** A disk that has carried out a part of a log. */
export class Disk {
  readonly files = new Map<number, DiskFile>();
  /** Which file has which name for certain. */
  names: ReadonlyMap<string, number> = new Map();
  /** Changes of names since the folder's last sync, in order. */
  pending: FolderChange[] = [];
  answered = 0;

  carryOut(event: DiskEvent): void {
    switch (event.type) {
      case 'create':
        this.files.set(event.file, { memory: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] });
        this.pending.push(event);
        break;
      case 'rename':
      case 'unlink':
        this.pending.push(event);
        break;
      case 'sync folder':
        this.names = namesAfter(this.names, this.pending);
        this.pending = [];
        break;
      case 'answered':
        this.answered = event.seq;
        break;
      case 'sync': {
        const file = this.#file(event.file);
        settle(file);
        file.pending = [];
        break;
      }
      default:
        this.#file(event.file).pending.push(event);
    }
  }

  #file(number: number): DiskFile {
    const file = this.files.get(number);
    if (file === undefined) {
      throw new RangeError(`no file ${number}`);
    }
    return file;
  }
}

/** A folder's names after some changes of them. */
export function namesAfter(
  names: ReadonlyMap<string, number>,
  changes: readonly FolderChange[],
): Map<string, number> {
  const after = new Map(names);
  for (const change of changes) {
    if (change.type === 'create') {
      after.set(change.name, change.file);
    } else if (change.type === 'unlink') {
      after.delete(change.name);
    } else {
      const file = after.get(change.from);
      after.delete(change.from);
      if (file !== undefined) {
        after.set(change.to, file);
      }
    }
  }
  return after;
}

/** A file's bytes after some changes of them. */
export function contentAfter(before: Buffer, changes: readonly FileChange[]): Buffer {
  const file = { memory: Buffer.from(before), durable: before, pending: [...changes] };
  settle(file);
  return file.durable;
}

/**
 * Carries out what is pending, in the memory of the file, which grows by halves so that a log of many syncs
 * is read fast.
 */
function settle(file: DiskFile): void {
  let size = file.durable.length;
  for (const change of file.pending) {
    const after = sizeAfter(size, change);
    if (after > file.memory.length) {
      const memory = Buffer.alloc(2 * after);
      file.memory.copy(memory, 0, 0, size);
      file.memory = memory;
    }
    if (change.type === 'write') {
      change.bytes.copy(file.memory, change.offset);
    } else if (after < size) {
      file.memory.fill(0, after, size);
    }
    size = after;
  }
  file.durable = file.memory.subarray(0, size);
}

/** A file's size after a change. */
export function sizeAfter(size: number, change: FileChange): number {
  return change.type === 'truncate' ? change.size : Math.max(size, change.offset + change.bytes.length);
}
