import { LinkError } from '../errors.ts';
import { readLength, writeLength } from '../frame.ts';
import { MAX_RECORD, RECORD_HEADER } from '../limits.ts';

/**
 * The kinds of record, by their byte on the wire. A new kind is a new row here and a case in {@link Channel}.
 */
export const KIND = { data: 0x00, close: 0x01, ping: 0x02, pong: 0x03 } as const;

/** The name of a record kind. */
export type Kind = keyof typeof KIND;

const KIND_OF_BYTE: readonly (Kind | undefined)[] = ['data', 'close', 'ping', 'pong'];

/** Small records hide their length in five classes; larger ones in steps of {@link STEP}. */
const CLASSES = [64, 128, 256, 512] as const;
const STEP = 1_024;

/**
 * The padded length of a record with `body` bytes of body: what an eavesdropper sees instead of the length.
 */
export function paddedLength(body: number): number {
  const length = RECORD_HEADER + body;
  for (const size of CLASSES) {
    if (length <= size) {
      return size;
    }
  }
  return Math.min(Math.ceil(length / STEP) * STEP, MAX_RECORD);
}

/**
 * Writes header and padding around a body that stands already at `into[3..3+body)`. Returns the record's
 * length.
 *
 * | bytes | meaning |
 * |---|---|
 * | 0 | kind |
 * | 1-2 | body length n |
 * | 3 .. 2+n | body |
 * | rest | zero padding |
 */
export function frameRecord(into: Uint8Array, kind: Kind, body: number): number {
  const length = paddedLength(body);
  into[0] = KIND[kind];
  writeLength(into, 1, body);
  into.fill(0, RECORD_HEADER + body, length);
  return length;
}

/**
 * Reads an opened record. The body is a view of it.
 * @throws LinkError `bad_record`: an unknown kind, a body beyond the record, padding that is not zero, DATA
 *   without a body, another kind with one
 */
export function readRecord(record: Uint8Array): { kind: Kind; body: Uint8Array } {
  const kind = KIND_OF_BYTE[record[0] ?? 0xff];
  if (kind === undefined || record.length < RECORD_HEADER) {
    throw new LinkError('bad_record');
  }
  const end = RECORD_HEADER + readLength(record, 1);
  if (end > record.length || (kind === 'data') !== end > RECORD_HEADER) {
    throw new LinkError('bad_record');
  }
  for (let at = end; at < record.length; at++) {
    if (record[at] !== 0) {
      throw new LinkError('bad_record');
    }
  }
  return { kind, body: record.subarray(RECORD_HEADER, end) };
}
