import { randomInt } from 'node:crypto';
import { SOURCE_COUNTS_WIDTH } from '../limits.ts';

/** What is counted: handshakes under way, and links. */
export const KINDS = ['openings', 'links'] as const;

export type Counted = (typeof KINDS)[number];

/** Rows of counters in which each source has one. */
const ROWS = 2;

/** The seed of the hash, one for each row. */
const HEADER = ROWS;

/** Counters of one kind: all, then the rows. */
const KIND_LENGTH = 1 + ROWS * SOURCE_COUNTS_WIDTH;

const PAGE_LENGTH = KINDS.length * KIND_LENGTH;

/** Where a source's counters are, one in each row. */
export type Place = readonly [number, number];

/**
 * How many connections there are, in all and from each source, over all threads that take connections.
 *
 * Each thread has a page of its own in memory that all share. It alone writes there, and reads the sum of all
 * pages, so that no lock is needed; when a thread dies, its page is wiped, and with it what it had counted.
 * Sources are counted in a count-min sketch: a source has one counter in each of two rows, by a seeded hash,
 * and counts as many as the smaller of both. So however many sources come, the memory is the same; a count is
 * never too small, and hardly ever too large.
 *
 * @example
 * ```ts
 * import { Admission, DEFAULT_ADMISSION, SourceCounts } from 'farthing/link';
 *
 * const memory = SourceCounts.memory(2); // handed to both threads, as their `workerData`
 * const first = new Admission(DEFAULT_ADMISSION, new SourceCounts(memory, 0));
 * const second = new Admission(DEFAULT_ADMISSION, new SourceCounts(memory, 1));
 * ```
 */
export class SourceCounts {
  readonly #memory: Int32Array;
  readonly #page: number;
  readonly #pages: number;

  /** `page`: which is ours, from 0. */
  constructor(memory: Int32Array, page: number) {
    this.#memory = memory;
    this.#page = page;
    this.#pages = (memory.length - HEADER) / PAGE_LENGTH;
  }

  /**
   * Memory for the pages of so many threads, which is to be handed to each of them. The seed of the hash is
   * random.
   *
   * @example
   * ```ts
   * import { SourceCounts } from 'farthing/link';
   *
   * const counts = new SourceCounts(SourceCounts.memory(1), 0);
   * ```
   */
  static memory(pages: number): Int32Array {
    const length = (HEADER + pages * PAGE_LENGTH) * Int32Array.BYTES_PER_ELEMENT;
    const memory = new Int32Array(new SharedArrayBuffer(length));
    for (let row = 0; row < ROWS; row++) {
      memory[row] = randomInt(2 ** 31);
    }
    return memory;
  }

  /**
   * Forgets what the page's thread had counted, for that thread is gone.
   *
   * @example
   * ```ts
   * import { SourceCounts } from 'farthing/link';
   *
   * const memory = SourceCounts.memory(2);
   * SourceCounts.wipe(memory, 1); // when the second thread has died
   * ```
   */
  static wipe(memory: Int32Array, page: number): void {
    memory.fill(0, HEADER + page * PAGE_LENGTH, HEADER + (page + 1) * PAGE_LENGTH);
  }

  /** Where a source is counted. @internal */
  place(source: string): Place {
    return [this.#hash(source, 0), this.#hash(source, 1)];
  }

  /** One more, or one less, of this source. @internal */
  count(kind: Counted, place: Place, by: 1 | -1): void {
    const start = this.#start(this.#page, kind);
    Atomics.add(this.#memory, start, by);
    for (const at of place) {
      Atomics.add(this.#memory, start + at, by);
    }
  }

  /** How many there are in all. @internal */
  all(kind: Counted): number {
    return this.#sum(kind, 0);
  }

  /** How many there are from one source, or very rarely more. @internal */
  of(kind: Counted, [first, second]: Place): number {
    return Math.min(this.#sum(kind, first), this.#sum(kind, second));
  }

  #sum(kind: Counted, at: number): number {
    let sum = 0;
    for (let page = 0; page < this.#pages; page++) {
      sum += Atomics.load(this.#memory, this.#start(page, kind) + at);
    }
    return sum;
  }

  #start(page: number, kind: Counted): number {
    return HEADER + page * PAGE_LENGTH + KINDS.indexOf(kind) * KIND_LENGTH;
  }

  /** The row's counter for a source: FNV-1a from a secret seed, and the finalizer of MurmurHash3. */
  #hash(source: string, row: number): number {
    let hash = this.#memory[row] ?? 0;
    for (let at = 0; at < source.length; at++) {
      hash = Math.imul(hash ^ source.charCodeAt(at), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return 1 + row * SOURCE_COUNTS_WIDTH + (((hash ^ (hash >>> 16)) >>> 0) % SOURCE_COUNTS_WIDTH);
  }
}
