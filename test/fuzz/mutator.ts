import type { Random } from './random.ts';

/** Bytes where lengths, counts and signs turn, and the heads of MessagePack's forms. */
const INTERESTING = [
  0x00, 0x01, 0x02, 0x03, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x94, 0x9f, 0xa0,
  0xbf, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd3, 0xd9, 0xda,
  0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xfe, 0xff,
] as const;

/**
 * Two-byte numbers on either side of a limit: record classes, handshake messages, the largest frame and
 * record.
 */
const INTERESTING_PAIRS = [
  0, 1, 18, 19, 32, 64, 80, 96, 255, 256, 1216, 2063, 4096, 4097, 32_767, 32_768, 65_516, 65_519, 65_535,
] as const;

/** At most this many changes to one input, and often fewer. */
const MOST_CHANGES = 8;

/** The longest run of bytes that one change inserts. */
const MOST_INSERTED = 32;

/** Makes inputs out of inputs. The same random numbers make the same ones. */
export class Mutator {
  readonly #random: Random;
  readonly #dictionary: readonly Uint8Array[];
  readonly #memory: Uint8Array;
  #length = 0;

  /** `dictionary`: pieces that mean something to the target. No input grows beyond `maxLength` bytes. */
  constructor(random: Random, dictionary: readonly Uint8Array[], maxLength: number) {
    this.#random = random;
    this.#dictionary = dictionary;
    this.#memory = new Uint8Array(maxLength);
  }

  /** A changed copy of `input`; `other` lends pieces. */
  mutate(input: Uint8Array, other: Uint8Array): Uint8Array {
    this.#length = Math.min(input.length, this.#memory.length);
    this.#memory.set(input.subarray(0, this.#length));
    const changes = 1 + this.#random.below(1 + this.#random.below(MOST_CHANGES));
    for (let i = 0; i < changes; i++) {
      this.#change(other);
    }
    return this.#memory.slice(0, this.#length);
  }

  #change(other: Uint8Array): void {
    const random = this.#random;
    const memory = this.#memory;
    const at = random.below(this.#length + 1);
    switch (random.below(12)) {
      case 0:
        memory[at] = (memory[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        memory[at] = random.pick(INTERESTING);
        break;
      case 2:
        memory[at] = random.below(256);
        break;
      case 3:
        memory[at] = (memory[at] ?? 0) + random.pick([-1, 1, -16, 16]);
        break;
      case 4: {
        const pair = random.pick(INTERESTING_PAIRS);
        this.#overwrite(at, Uint8Array.of(pair >>> 8, pair & 0xff));
        break;
      }
      case 5:
        this.#remove(at, 1 + random.below(1 + random.below(MOST_INSERTED)));
        break;
      case 6:
        this.#insert(at, new Uint8Array(1 + random.below(MOST_INSERTED)).fill(random.pick(INTERESTING)));
        break;
      case 7:
        this.#insert(at, this.#piece(memory.subarray(0, this.#length)).slice());
        break;
      case 8:
        this.#overwrite(at, this.#piece(memory.subarray(0, this.#length)).slice());
        break;
      case 9:
        this.#insert(at, this.#piece(other));
        break;
      case 10:
        if (this.#dictionary.length > 0) {
          this.#insert(at, random.pick(this.#dictionary));
        }
        break;
      case 11:
        if (this.#dictionary.length > 0) {
          this.#overwrite(at, random.pick(this.#dictionary));
        }
        break;
    }
  }

  #piece(from: Uint8Array): Uint8Array {
    const start = this.#random.below(from.length + 1);
    return from.subarray(start, start + 1 + this.#random.below(from.length - start + 1));
  }

  #remove(at: number, count: number): void {
    const end = Math.min(at + count, this.#length);
    this.#memory.copyWithin(at, end, this.#length);
    this.#length -= end - at;
  }

  #insert(at: number, bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#memory.length) {
      return;
    }
    this.#memory.copyWithin(at + bytes.length, at, this.#length);
    this.#memory.set(bytes, at);
    this.#length += bytes.length;
  }

  #overwrite(at: number, bytes: Uint8Array): void {
    if (at + bytes.length > this.#memory.length) {
      return;
    }
    this.#memory.set(bytes, at);
    this.#length = Math.max(this.#length, at + bytes.length);
  }
}
