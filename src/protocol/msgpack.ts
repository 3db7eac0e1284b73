import { Packr, Unpackr } from 'msgpackr/pack';
import { MAX_DEPTH, MAX_MAP_KEYS } from './limits.ts';

/** A value of the MessagePack subset. Decoded byte strings are copies, with memory of their own. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

/*
 * Plain maps (no records), counts in their shortest form, keys that are undefined left out, byte strings copied,
 * 64-bit integers as numbers, which the gate has seen to be safe.
 */
const OPTIONS = {
  useRecords: false,
  mapsAsObjects: true,
  variableMapSize: true,
  copyBuffers: true,
  int64AsType: 'number',
  skipValues: [undefined],
} as const;

const packr = new Packr({ ...OPTIONS });
const unpackr = new Unpackr({ ...OPTIONS });

/** Bytes of a str above which msgpackr leaves it to a TextDecoder. */
const LONG_TEXT = 64;

/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * Decodes the one value that `scan` found in `[start, end)` of `bytes`; never call it for bytes that `scan` has not
 * passed. It comes out as it was meant, but for the keys of a map: `__proto__`, which no message has, is `__proto_`, so
 * that no object gets a prototype from afar; and those that look like indexes of an array come first.
 */
export function unpack(bytes: Uint8Array, start: number, end: number): Value {
  const source = new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
  return unpackr.unpack(mayHoldMark(source) ? new MarkKeeper(source) : source);
}

/** Is there a U+FEFF at the head of a long str? False in nearly every message, and then sure. */
function mayHoldMark(source: Uint8Array): boolean {
  return source.length > LONG_TEXT && source.indexOf(0xef) >= 0;
}

/**
 * msgpackr hands each str of more than 64 bytes, a `subarray` of its source, to a TextDecoder that takes a U+FEFF at the
 * head for no part of the text and drops it. So a str with one at its head is handed over with two.
 */
class MarkKeeper extends Uint8Array {
  /** What is copied out of it, such as a bin, is a plain Uint8Array. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }

  override subarray(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    const part = new Uint8Array(super.subarray(start, end));
    const isMarked = BYTE_ORDER_MARK.every((byte, at) => part[at] === byte);
    return isMarked ? Buffer.concat([BYTE_ORDER_MARK, part]) : part;
  }
}

/**
 * Encodes a value in the one form that the subset has for it. What it returns lies in a pool that later calls go on
 * filling, and is never overwritten: keep it or copy it, but do not transfer its ArrayBuffer to another thread.
 * @throws TypeError for a value outside the subset: that is a mistake of the caller
 */
export function pack(value: unknown): Uint8Array {
  checkValue(value, 1);
  const bytes = packr.pack(value);
  writeWideIntegers(bytes);
  return bytes;
}

/** Throws TypeError unless `value` is of the subset. `depth` is that of a container which stands here. */
function checkValue(value: unknown, depth: number): void {
  if (typeof value === 'string' && value.isWellFormed()) return;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return;
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (Array.isArray(value) && depth <= MAX_DEPTH) {
    for (const item of value) checkValue(item, depth + 1);
  } else if (isPlain(value) && depth <= MAX_DEPTH) {
    checkMap(value, depth);
  } else {
    throw new TypeError(`not of the MessagePack subset: ${typeof value} in ${depth - 1} containers`);
  }
}

/** Keys that are undefined are left out, not refused. */
function checkMap(map: Readonly<Record<string, unknown>>, depth: number): void {
  let count = 0;
  for (const key of Object.keys(map)) {
    if (map[key] === undefined) continue;
    if (!key.isWellFormed()) throw new TypeError('not a key of the MessagePack subset');
    if (++count > MAX_MAP_KEYS) throw new TypeError(`more than ${MAX_MAP_KEYS} keys`);
    checkValue(map[key], depth + 1);
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * msgpackr writes an integer that needs more than 32 bits as a float 64 (cb), and its extensions, which could do
 * better, hold for every user of msgpackr in the process. The integer takes as many bytes (cf or d3, then 8), so it
 * is written over the float. Heads of containers are stepped over and their values met in turn: no recursion.
 */
function writeWideIntegers(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    const head = bytes[at] as number;
    if (head === 0xcb) {
      const value = bytes.readDoubleBE(at + 1);
      bytes[at] = value < 0 ? 0xd3 : 0xcf;
      bytes.writeUInt32BE(Math.floor(value / 2 ** 32) >>> 0, at + 1);
      bytes.writeUInt32BE(value >>> 0, at + 5);
    }
    at += head >= 0xa0 && head < 0xc0 ? 1 + (head & 0x1f) : 1 + followingBytes(bytes, at, head);
  }
}

/** How many bytes after the first belong to the head of the value at `at`, with its content where that is a str or bin. */
function followingBytes(bytes: Buffer, at: number, head: number): number {
  switch (head) {
    case 0xcc:
    case 0xd0:
      return 1;
    case 0xcd:
    case 0xd1:
    case 0xdc:
    case 0xde:
      return 2;
    case 0xce:
    case 0xd2:
    case 0xdd:
    case 0xdf:
      return 4;
    case 0xcb:
      return 8;
    case 0xc4:
    case 0xd9:
      return 1 + (bytes[at + 1] as number);
    case 0xc5:
    case 0xda:
      return 2 + bytes.readUInt16BE(at + 1);
    case 0xc6:
    case 0xdb:
      return 4 + bytes.readUInt32BE(at + 1);
    default:
      return 0;
  }
}
