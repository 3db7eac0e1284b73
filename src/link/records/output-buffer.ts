import { unwritten } from '../frame.ts';
import { MAX_OUTPUT_KEPT, MAX_OUTPUTS_KEPT, OUTPUT_SIZE } from '../limits.ts';

const NONE = new Uint8Array(0);

/** Buffers that no link has borrowed. */
const spare: OutputBuffer[] = [];

/**
 * Memory in which records are put together and sealed in place, on their way to a socket. The links of a
 * thread borrow a buffer for a turn and give it back, so that a record costs no allocation.
 */
export class OutputBuffer {
  #memory: Uint8Array = NONE;
  /** Bytes to allocate next time. */
  #size = OUTPUT_SIZE;
  #used = 0;

  /** A buffer that nobody else has. */
  static borrow(): OutputBuffer {
    return spare.pop() ?? new OutputBuffer();
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#used;
  }

  /** Reserves `length` bytes that are written later. Returns where they begin. */
  reserve(length: number): number {
    const at = this.#used;
    this.#grow(at + length);
    this.#used = at + length;
    return at;
  }

  /** Writes bytes at the end. */
  append(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.#memory.set(bytes, at);
  }

  /** What is written from `start` on; valid until more is written. */
  view(start: number): Uint8Array {
    return this.#memory.subarray(start, this.#used);
  }

  /**
   * To be called once by whoever borrowed it: what was written is forgotten. `kept`: the memory is still
   * read, such as by a socket that has not taken it whole; the buffer then goes on with other memory.
   */
  giveBack(kept: boolean): void {
    this.#used = 0;
    // The memory of one large burst is not kept for ever.
    if (kept || this.#memory.length > MAX_OUTPUT_KEPT) {
      this.#memory = NONE;
    }
    this.#size = this.#memory === NONE ? OUTPUT_SIZE : this.#memory.length;
    if (spare.length < MAX_OUTPUTS_KEPT) {
      spare.push(this);
    }
  }

  #grow(end: number): void {
    if (end <= this.#memory.length) {
      return;
    }
    while (this.#size < end) {
      this.#size *= 2;
    }
    const larger = unwritten(this.#size);
    larger.set(this.#memory.subarray(0, this.#used));
    this.#memory = larger;
  }
}
