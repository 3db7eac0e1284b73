// The build (`build:msgpackr` in package.json) puts msgpackr's reader into this file. Installed as a package
// it would bring an add-on with an install script along, which is not needed here.
import { Unpackr } from 'msgpackr/unpack';

/** A value of the MessagePack subset. Decoded byte strings are copies, with memory of their own. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

/* Maps as objects, byte strings copied, 64-bit integers as numbers, which the gate has seen to be safe. */
const unpackr = new Unpackr({
  useRecords: false,
  mapsAsObjects: true,
  copyBuffers: true,
  int64AsType: 'number',
});

/** Bytes of a str above which msgpackr leaves it to a TextDecoder. */
const LONG_TEXT = 64;

/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * Decodes the one value that `scan` found in `[start, end)` of `bytes`; never call it for bytes that `scan`
 * has not passed. It comes out as it was meant, but for the keys of a map: `__proto__`, which no message has,
 * is `__proto_`, so that no object gets a prototype from afar; and those that look like indexes of an array
 * come first.
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
 * msgpackr hands each str of more than 64 bytes, a `subarray` of its source, to a TextDecoder that takes a
 * U+FEFF at the head for no part of the text and drops it. So a str with one at its head is handed over with
 * two.
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
