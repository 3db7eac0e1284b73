import { ProtocolError, type ProtocolErrorCode } from './errors.ts';
import { MAX_DEPTH, MAX_MAP_KEYS } from './limits.ts';
import { isUtf8 } from './utf8.ts';

/*
 * The gate stands before the decoder: a remote's bytes pass here first, and only what is of the subset, in
 * the one form that the subset has for it, goes on. It allocates nothing, so what a remote claims costs
 * nothing.
 *
 *   first byte    what follows                   refused besides
 *   00-7f         nothing: 0 to 127
 *   80-8f, de-df  count, keys and values         a key that is no str or is there twice; too many keys
 *   90-9f, dc-dd  count, values
 *   a0-bf, d9-db  length, bytes of a str         not UTF-8
 *   c0, c2, c3    nothing: nil, false, true
 *   c1            (reserved)                     always
 *   c4-c6         length, bytes of a bin
 *   c7-c9, d4-d8  (ext)                          always
 *   ca-cb         (float)                        always
 *   cc-cf         an unsigned integer            more than 2^53-1
 *   d0-d3         a signed integer               not negative; less than -(2^53-1)
 *   e0-ff         nothing: -32 to -1
 *
 * Refused everywhere: bytes that end too early, a longer form than the value needs, a container inside
 * MAX_DEPTH others.
 */

/** The upper 32 bits of 2^53-1. */
const GREATEST_HIGH = 0x1f_ffff;

/** The upper 32 bits of -(2^53-1), signed; the lower are then at least 1. */
const LEAST_HIGH = -0x20_0000;

/** Where the keys of each map now being read begin and end: a row of pairs for each depth. */
const keySpans = new Uint32Array((MAX_DEPTH + 1) * MAX_MAP_KEYS * 2);

/**
 * Checks the one value that begins at `offset`, with all that it holds, and returns the offset behind it.
 * @throws ProtocolError with one of the gate's codes
 */
export function scan(bytes: Uint8Array, offset = 0): number {
  return scanValue(bytes, offset, 1);
}

/** `depth` is that of a container which begins here: 1 for the outermost. It bounds the recursion. */
function scanValue(bytes: Uint8Array, at: number, depth: number): number {
  if (at >= bytes.length) {
    return refuse('truncated');
  }
  const head = bytes[at] as number;
  const next = at + 1;
  if (head < 0x80 || head >= 0xe0) {
    return next;
  }
  if (head < 0x90) {
    return scanMap(bytes, next, head & 0x0f, depth);
  }
  if (head < 0xa0) {
    return scanArray(bytes, next, head & 0x0f, depth);
  }
  if (head < 0xc0) {
    return scanText(bytes, next, head & 0x1f);
  }
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return next;
    case 0xc1:
      return refuse('reserved');
    case 0xc4:
      return next + 1 + readLength(bytes, next, 1, 0);
    case 0xc5:
      return next + 2 + readLength(bytes, next, 2, 0x100);
    case 0xc6:
      return next + 4 + readLength(bytes, next, 4, 0x1_0000);
    case 0xca:
    case 0xcb:
      return refuse('float');
    case 0xcc:
      return scanNarrow(bytes, next, 1, 0x80, 0xff);
    case 0xcd:
      return scanNarrow(bytes, next, 2, 0x100, 0xffff);
    case 0xce:
      return scanNarrow(bytes, next, 4, 0x1_0000, 0xffff_ffff);
    case 0xcf:
      return scanWideUnsigned(bytes, next);
    case 0xd0:
      return scanNarrow(bytes, next, 1, 0x80, 0xdf);
    case 0xd1:
      return scanNarrow(bytes, next, 2, 0x8000, 0xff7f);
    case 0xd2:
      return scanNarrow(bytes, next, 4, 0x8000_0000, 0xffff_7fff);
    case 0xd3:
      return scanWideSigned(bytes, next);
    case 0xd9:
      return scanText(bytes, next + 1, readLength(bytes, next, 1, 0x20));
    case 0xda:
      return scanText(bytes, next + 2, readLength(bytes, next, 2, 0x100));
    case 0xdb:
      return scanText(bytes, next + 4, readLength(bytes, next, 4, 0x1_0000));
    case 0xdc:
      return scanArray(bytes, next + 2, readLength(bytes, next, 2, 0x10), depth);
    case 0xdd:
      return scanArray(bytes, next + 4, readLength(bytes, next, 4, 0x1_0000), depth);
    case 0xde:
      return scanMap(bytes, next + 2, readLength(bytes, next, 2, 0x10), depth);
    case 0xdf:
      return scanMap(bytes, next + 4, readLength(bytes, next, 4, 0x1_0000), depth);
    default:
      return refuse('ext');
  }
}

/**
 * The length or count of `width` bytes (1, 2 or 4) at `at`. First it must fit: each of what it counts takes
 * at least one of the bytes that remain. Then it must need its width: a count below `least` has a shorter
 * form.
 */
function readLength(bytes: Uint8Array, at: number, width: number, least: number): number {
  const remaining = bytes.length - at - width;
  if (remaining < 0) {
    return refuse('truncated');
  }
  const count = readUnsigned(bytes, at, width);
  if (count > remaining) {
    return refuse('truncated');
  }
  return count < least ? refuse('not_shortest') : count;
}

/** `width` bytes (1, 2 or 4), known to be there. */
function readUnsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = bytes[at] as number;
  for (let i = 1; i < width; i++) {
    value = value * 0x100 + (bytes[at + i] as number);
  }
  return value;
}

function scanText(bytes: Uint8Array, start: number, length: number): number {
  const end = start + length;
  if (end > bytes.length) {
    return refuse('truncated');
  }
  return isUtf8(bytes, start, end) ? end : refuse('bad_utf8');
}

function scanArray(bytes: Uint8Array, start: number, count: number, depth: number): number {
  if (depth > MAX_DEPTH) {
    return refuse('too_deep');
  }
  let at = start;
  for (let i = 0; i < count; i++) {
    at = scanValue(bytes, at, depth + 1);
  }
  return at;
}

function scanMap(bytes: Uint8Array, start: number, count: number, depth: number): number {
  if (depth > MAX_DEPTH) {
    return refuse('too_deep');
  }
  if (count > MAX_MAP_KEYS) {
    return refuse('too_many_keys');
  }
  const firstSpan = depth * MAX_MAP_KEYS * 2;
  const endSpan = firstSpan + count * 2;
  let at = start;
  for (let span = firstSpan; span < endSpan; span += 2) {
    const keyEnd = scanKey(bytes, at);
    for (let earlier = firstSpan; earlier < span; earlier += 2) {
      const isSame = sameBytes(bytes, keySpans[earlier] as number, keySpans[earlier + 1] as number, at);
      if (isSame) {
        return refuse('duplicate_key');
      }
    }
    keySpans[span] = at;
    keySpans[span + 1] = keyEnd;
    at = scanValue(bytes, keyEnd, depth + 1);
  }
  return at;
}

/**
 * A key. As only its shortest form passes, two keys are the same exactly if they are from their first byte
 * on.
 */
function scanKey(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) {
    return refuse('truncated');
  }
  const head = bytes[at] as number;
  const isText = (head >= 0xa0 && head < 0xc0) || (head >= 0xd9 && head <= 0xdb);
  return isText ? scanValue(bytes, at, 1) : refuse('bad_key');
}

function sameBytes(bytes: Uint8Array, from: number, to: number, other: number): boolean {
  for (let i = from, j = other; i < to; i++, j++) {
    if (bytes[i] !== bytes[j]) {
      return false;
    }
  }
  return true;
}

/**
 * An integer of `width` bytes (1, 2 or 4), seen as unsigned: from `least` to `greatest` are the bit patterns
 * that no shorter form holds and, where the form is a signed one, that are negative.
 */
function scanNarrow(bytes: Uint8Array, at: number, width: number, least: number, greatest: number): number {
  const end = at + width;
  if (end > bytes.length) {
    return refuse('truncated');
  }
  const pattern = readUnsigned(bytes, at, width);
  return pattern < least || pattern > greatest ? refuse('not_shortest') : end;
}

/** cf, unsigned 64 bits: 2^32 to 2^53-1. */
function scanWideUnsigned(bytes: Uint8Array, at: number): number {
  if (at + 8 > bytes.length) {
    return refuse('truncated');
  }
  const high = readUnsigned(bytes, at, 4);
  if (high === 0) {
    return refuse('not_shortest');
  }
  return high > GREATEST_HIGH ? refuse('out_of_range') : at + 8;
}

/** d3, signed 64 bits: -(2^53-1) to -2^31-1. */
function scanWideSigned(bytes: Uint8Array, at: number): number {
  if (at + 8 > bytes.length) {
    return refuse('truncated');
  }
  const high = readUnsigned(bytes, at, 4) | 0;
  const low = readUnsigned(bytes, at + 4, 4);
  if (high >= 0 || (high === -1 && low >= 0x8000_0000)) {
    return refuse('not_shortest');
  }
  return high < LEAST_HIGH || (high === LEAST_HIGH && low === 0) ? refuse('out_of_range') : at + 8;
}

function refuse(code: ProtocolErrorCode): never {
  throw new ProtocolError(code);
}
