import { existsSync, readFileSync } from 'node:fs';
import type { DiskEvent } from './disk-log.ts';

/** https://sqlite.org/fileformat.html 4.1: the log's header, and then frames of a header and a page each. */
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const PAGE_BYTES = 4096;

const LEDGER = 1;

/**
 * What SQLite writes between two commits, found out by comparing the files, where the calls themselves cannot
 * be seen. When it synced is taken from its documentation (https://sqlite.org/wal.html): the log at each
 * commit with FULL, and only before a checkpoint with NORMAL; the ledger at the end of a checkpoint.
 */
export class FileRecorder {
  readonly events: DiskEvent[] = [];
  readonly #path: string;
  readonly #synchronous: 'FULL' | 'NORMAL';
  #ledger: Buffer;
  /** Undefined while there is none. */
  #log: { readonly file: number; bytes: Buffer } | undefined;
  #files = LEDGER;

  /** Begins with the ledger as it is, all of it on the medium. */
  constructor(path: string, synchronous: 'FULL' | 'NORMAL') {
    this.#path = path;
    this.#synchronous = synchronous;
    this.#ledger = readFileSync(path);
    this.events.push(
      { type: 'create', name: 'ledger.db-new', file: LEDGER },
      { type: 'write', file: LEDGER, offset: 0, bytes: this.#ledger },
      { type: 'sync', file: LEDGER },
      { type: 'rename', from: 'ledger.db-new', to: 'ledger.db' },
      { type: 'sync folder' },
    );
  }

  /** Records what has changed since the last time, and that all up to `seq` is answered after it. */
  observe(seq: number): void {
    const ledger = readFileSync(this.#path);
    const pages = changes(LEDGER, this.#ledger, ledger, 0, [PAGE_BYTES]);
    this.#observeLog(pages.length > 0);
    if (pages.length > 0) {
      this.events.push(...pages, { type: 'sync', file: LEDGER });
    }
    this.#ledger = ledger;
    this.events.push({ type: 'answered', seq });
  }

  /** The ledger was closed: its log is copied and gone. */
  observeClosed(): void {
    const ledger = readFileSync(this.#path);
    if (this.#log !== undefined) {
      this.events.push({ type: 'sync', file: this.#log.file });
    }
    this.events.push(...changes(LEDGER, this.#ledger, ledger, 0, [PAGE_BYTES]), {
      type: 'sync',
      file: LEDGER,
    });
    this.#ledger = ledger;
    if (this.#log !== undefined) {
      this.events.push({ type: 'unlink', name: 'ledger.db-wal' });
    }
    this.#log = undefined;
  }

  #observeLog(isCheckpoint: boolean): void {
    if (!existsSync(`${this.#path}-wal`)) {
      return;
    }
    const bytes = readFileSync(`${this.#path}-wal`);
    let log = this.#log;
    if (log === undefined) {
      this.#files += 1;
      log = { file: this.#files, bytes: Buffer.alloc(0) };
      this.#log = log;
      this.events.push({ type: 'create', name: 'ledger.db-wal', file: log.file }, { type: 'sync folder' });
    }
    this.events.push(
      ...changes(log.file, log.bytes, bytes, LOG_HEADER_BYTES, [FRAME_HEADER_BYTES, PAGE_BYTES]),
    );
    if (isCheckpoint || this.#synchronous === 'FULL') {
      this.events.push({ type: 'sync', file: log.file });
    }
    log.bytes = bytes;
  }
}

/**
 * What turns `before` into `after`, in pieces: first one of `head` bytes, then of the given lengths in turn.
 */
function changes(
  file: number,
  before: Buffer,
  after: Buffer,
  head: number,
  lengths: readonly number[],
): DiskEvent[] {
  const events: DiskEvent[] = [];
  if (after.length < before.length) {
    events.push({ type: 'truncate', file, size: after.length });
  }
  let at = 0;
  for (let piece = head === 0 ? 0 : -1; at < after.length; piece += 1) {
    const length = piece < 0 ? head : (lengths[piece % lengths.length] ?? PAGE_BYTES);
    const bytes = after.subarray(at, at + length);
    if (!bytes.equals(before.subarray(at, at + length))) {
      events.push({ type: 'write', file, offset: at, bytes });
    }
    at += length;
  }
  return events;
}
