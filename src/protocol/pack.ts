import { Buffer } from 'node:buffer';
import { MAX_DEPTH, MAX_MAP_KEYS } from './limits.ts';

/*
 * One pass checks a value and writes it, since every answer and notification comes this way. msgpackr is no
 * slower at writing, but it takes values that are not of the subset, and writes integers beyond 32 bits in a
 * form that is not: its work would have to be checked before and mended after.
 */

/** Bytes of a pool: room for hundreds of short messages, or one of the longest. */
const POOL_BYTES = 128 * 1024;

/** Bytes that stand before the content of a value, at most: its first byte, and an integer of 64 bits. */
const MAX_HEAD = 9;

/** Characters from which on a text is left to the runtime, whose call costs as much as writing so many. */
const LONG_TEXT = 32;

/** Where messages are written; `at` is the first byte that none of them has yet. */
let pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let at = 0;

/** Where the message begins that is being written. */
let start = 0;

/**
 * Encodes a value in the one form that the subset has for it. Keys of a map that are undefined are left out.
 * What it returns lies in a pool that later calls go on filling, and is never overwritten: keep it or copy
 * it, but do not transfer its ArrayBuffer to another thread.
 * @throws TypeError for a value outside the subset: that is a mistake of the caller
 */
export function pack(value: unknown): Uint8Array {
  start = at;
  try {
    writeValue(value, 1);
  } catch (error) {
    at = start;
    throw error;
  }
  return pool.subarray(start, at);
}

/** `depth` is that of a container which stands here. */
function writeValue(value: unknown, depth: number): void {
  if (typeof value === 'string') {
    writeText(value);
  } else if (typeof value === 'number') {
    writeInteger(value);
  } else if (value === null) {
    writeHead(0xc0, 0, 0);
  } else if (typeof value === 'boolean') {
    writeHead(value ? 0xc3 : 0xc2, 0, 0);
  } else if (value instanceof Uint8Array) {
    writeBytes(value);
  } else if (Array.isArray(value) && depth <= MAX_DEPTH) {
    writeArray(value, depth);
  } else if (isPlain(value) && depth <= MAX_DEPTH) {
    writeMap(value, depth);
  } else {
    throw new TypeError(`not of the MessagePack subset: ${typeof value} in ${depth - 1} containers`);
  }
}

function writeArray(array: readonly unknown[], depth: number): void {
  if (array.length < 0x10) {
    writeHead(0x90 | array.length, 0, 0);
  } else {
    writeLength(0xdc, array.length);
  }
  for (const item of array) {
    writeValue(item, depth + 1);
  }
}

function writeMap(map: Readonly<Record<string, unknown>>, depth: number): void {
  const keys = Object.keys(map);
  let count = 0;
  for (const key of keys) {
    if (map[key] !== undefined) {
      count++;
    }
  }
  if (count > MAX_MAP_KEYS) {
    throw new TypeError(`more than ${MAX_MAP_KEYS} keys`);
  }
  if (count < 0x10) {
    writeHead(0x80 | count, 0, 0);
  } else {
    writeLength(0xde, count);
  }
  for (const key of keys) {
    const value = map[key];
    if (value === undefined) {
      continue;
    }
    writeText(key);
    writeValue(value, depth + 1);
  }
}

function writeInteger(value: number): void {
  if (!Number.isSafeInteger(value)) {
    throw new TypeError('not of the MessagePack subset: a number that is no integer');
  }
  if (value >= 0) {
    if (value < 0x80) {
      writeHead(value, 0, 0);
    } else if (value < 0x100) {
      writeHead(0xcc, 1, value);
    } else if (value < 0x1_0000) {
      writeHead(0xcd, 2, value);
    } else if (value < 0x1_0000_0000) {
      writeHead(0xce, 4, value);
    } else {
      writeHead(0xcf, 8, value);
    }
  } else if (value >= -0x20) {
    writeHead(value & 0xff, 0, 0);
  } else if (value >= -0x80) {
    writeHead(0xd0, 1, value);
  } else if (value >= -0x8000) {
    writeHead(0xd1, 2, value);
  } else if (value >= -0x8000_0000) {
    writeHead(0xd2, 4, value);
  } else {
    writeHead(0xd3, 8, value);
  }
}

function writeBytes(bytes: Uint8Array): void {
  if (bytes.length < 0x100) {
    writeHead(0xc4, 1, bytes.length);
  } else {
    writeLength(0xc5, bytes.length);
  }
  reserve(bytes.length);
  pool.set(bytes, at);
  at += bytes.length;
}

function writeText(text: string): void {
  if (text.length >= LONG_TEXT || !writeShortAscii(text)) {
    writeAnyText(text);
  }
}

/** Nearly every text is short and ASCII: false, and nothing is written, where this one is not. */
function writeShortAscii(text: string): boolean {
  const { length } = text;
  reserve(MAX_HEAD + length);
  const first = at + 1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) {
      return false;
    }
    pool[first + i] = unit;
  }
  pool[at] = 0xa0 | length;
  at = first + length;
  return true;
}

function writeAnyText(text: string): void {
  if (!text.isWellFormed()) {
    throw new TypeError('not of the MessagePack subset: a text that is not Unicode');
  }
  const length = Buffer.byteLength(text);
  if (length < 0x20) {
    writeHead(0xa0 | length, 0, 0);
  } else if (length < 0x100) {
    writeHead(0xd9, 1, length);
  } else {
    writeLength(0xda, length);
  }
  reserve(length);
  at += pool.write(text, at, length, 'utf8');
}

/** A length or count that takes 16 bits behind the byte `head`, or else 32 behind the one after it. */
function writeLength(head: number, length: number): void {
  if (length < 0x1_0000) {
    writeHead(head, 2, length);
  } else {
    writeHead(head + 1, 4, length);
  }
}

/**
 * The byte `head`, and an integer behind it in the `width` bytes (0, 1, 2, 4 or 8) that it needs; two's
 * complement.
 */
function writeHead(head: number, width: number, value: number): void {
  reserve(MAX_HEAD);
  pool[at++] = head;
  if (width === 8) {
    writeWord(Math.floor(value / 0x1_0000_0000), 4);
    writeWord(value, 4);
  } else {
    writeWord(value, width);
  }
}

/** The low `width` bytes (0 to 4) of an integer: bit operations take it modulo 2^32. */
function writeWord(value: number, width: number): void {
  for (let shift = (width - 1) * 8; shift >= 0; shift -= 8) {
    pool[at++] = value >>> shift;
  }
}

/** Makes room for so many bytes more: where the pool has none, the message goes on in a new one. */
function reserve(length: number): void {
  if (at + length <= pool.length) {
    return;
  }
  const written = pool.subarray(start, at);
  pool = Buffer.allocUnsafeSlow(Math.max(POOL_BYTES, 2 * (written.length + length)));
  pool.set(written);
  start = 0;
  at = written.length;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
