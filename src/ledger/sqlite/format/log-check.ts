import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StoreError } from '../../store.ts';
import { LOG } from './companions.ts';

/**
 * The write-ahead log (https://sqlite.org/fileformat.html 4.1), numbers big-endian.
 *
 * | header at | bytes | meaning |
 * |---|---|---|
 * | 0 | 4 | 0x377f0682, or with 3 at its end: words of checksums are little-endian, or big-endian |
 * | 8 | 4 | page size |
 * | 16 | 8 | salt of this round through the file |
 * | 24 | 8 | checksum of the 24 bytes before |
 *
 * | frame at | bytes | meaning |
 * |---|---|---|
 * | 4 | 4 | pages of the ledger after a commit; 0 in a frame that ends none |
 * | 8 | 8 | the header's salt |
 * | 16 | 8 | checksum of the frame before, then of the first 8 bytes of this one, then of its page |
 * | 24 | | the page |
 */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
const SALT_BYTES = 8;
/** The largest page that SQLite has, in bytes. */
const MAX_PAGE_BYTES = 65_536;

/** The two sums that run through all frames. */
type Sums = readonly [number, number];

interface Log {
  readonly salt: Buffer;
  readonly isBigEndian: boolean;
  readonly pageBytes: number;
  readonly sums: Sums;
}

/**
 * Looks at the log beside the ledger at `path`, where there is one. SQLite takes the first broken frame for
 * the end of the log, as after a crash, and would drop all payments behind it without a word.
 *
 * A crash breaks frames of the last transaction alone, because each is on disk before the next begins. So one
 * that began behind a broken frame, told by a frame that goes on with the sums of a commit before it, is no
 * work of a crash.
 *
 * @throws StoreError `damaged` when frames in the middle are broken; the system's error when it cannot be
 *   read
 */
export function requireSoundLog(path: string): void {
  const logPath = path + LOG;
  if (!existsSync(logPath)) {
    return;
  }
  const file = openSync(logPath, 'r');
  try {
    const log = readHeader(file, logPath);
    if (log !== undefined) {
      checkFrames(file, logPath, log);
    }
  } finally {
    closeSync(file);
  }
}

/** Undefined when nothing was ever written behind it. */
function readHeader(file: number, path: string): Log | undefined {
  const header = Buffer.alloc(HEADER_BYTES);
  const length = readSync(file, header, 0, HEADER_BYTES, 0);
  // It is on disk before the first frame, and too short to be torn.
  if (length < HEADER_BYTES || header.every((byte) => byte === 0)) {
    return undefined;
  }
  const magic = header.readUInt32BE(0);
  const isBigEndian = magic === MAGIC + 1;
  const sums = add([0, 0], header.subarray(0, 24), isBigEndian);
  const pageBytes = header.readUInt32BE(8);
  if ((magic !== MAGIC && !isBigEndian) || !isSum(header, 24, sums) || pageBytes > MAX_PAGE_BYTES) {
    throw new StoreError('damaged', `the ledger is damaged: its log ${path} has a broken header`);
  }
  return { salt: header.subarray(16, 16 + SALT_BYTES), isBigEndian, pageBytes, sums };
}

function checkFrames(file: number, path: string, { salt, isBigEndian, pageBytes, sums: first }: Log): void {
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + pageBytes);
  /** Of the frame before, as it is written there. */
  let sums = first;
  let broken: number | undefined;
  let afterCommit = false;
  for (let number = 1; ; number += 1) {
    const at = HEADER_BYTES + (number - 1) * frame.length;
    if (readSync(file, frame, 0, frame.length, at) < frame.length) {
      return;
    }
    // What an earlier round has left.
    const isOfThisRound = frame.subarray(8, 8 + SALT_BYTES).equals(salt);
    const expected = add(add(sums, frame.subarray(0, 8), isBigEndian), frame.subarray(24), isBigEndian);
    const goesOn = isOfThisRound && isSum(frame, 16, expected);
    if (broken !== undefined && goesOn && afterCommit) {
      throw new StoreError(
        'damaged',
        `the ledger is damaged: frame ${broken} of its log ${path} is broken, and later payments stand behind it`,
      );
    }
    if (!goesOn) {
      broken ??= number;
    }
    sums = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
    afterCommit = isOfThisRound && frame.readUInt32BE(4) !== 0;
  }
}

function isSum(bytes: Buffer, at: number, [one, other]: Sums): boolean {
  return bytes.readUInt32BE(at) === one && bytes.readUInt32BE(at + 4) === other;
}

/** The checksum of 4.2: over pairs of words of 32 bits, carried on from earlier sums. */
function add([one, other]: Sums, bytes: Buffer, isBigEndian: boolean): Sums {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = one;
  let sumOfSums = other;
  for (let at = 0; at < bytes.length; at += 8) {
    sum = (sum + words.getUint32(at, !isBigEndian) + sumOfSums) >>> 0;
    sumOfSums = (sumOfSums + words.getUint32(at + 4, !isBigEndian) + sum) >>> 0;
  }
  return [sum, sumOfSums];
}
