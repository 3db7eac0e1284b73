import type { Random } from '../fuzz/random.ts';
import {
  contentAfter,
  type Disk,
  type DiskFile,
  type FileChange,
  namesAfter,
  sizeAfter,
} from './disk-log.ts';

/** Bytes that a medium writes whole or not at all: old disks, and new ones with whatever caches in pages. */
const SECTORS = [512, 4096] as const;

/**
 * How the unsynced changes of one file have fared: all lost, all kept, the first few kept and the next torn,
 * each sector by chance, or the latest kept and the earlier lost.
 */
const FATES = ['none', 'all', 'prefix', 'chance', 'chance', 'suffix'] as const;
type Fate = (typeof FATES)[number];

/**
 * What a loss of power may leave of a disk: the content of every file, by name.
 *
 * All that was synced is there. Of what was not, any sector may be there or not, whatever became of those
 * written before it and after it; a sector that was written several times may be of any of these times. Names
 * change in their order, as on any file system with a journal, up to any point.
 */
export function losePower(disk: Disk, random: Random): Map<string, Buffer> {
  const names = namesAfter(disk.names, disk.pending.slice(0, random.below(disk.pending.length + 1)));
  const left = new Map<string, Buffer>();
  for (const [name, number] of names) {
    const file = disk.files.get(number);
    if (file !== undefined) {
      left.set(name, remains(file, random));
    }
  }
  return left;
}

function remains({ durable, pending }: DiskFile, random: Random): Buffer {
  const fate = random.pick(FATES);
  if (fate === 'none' || pending.length === 0) {
    return durable;
  }
  if (fate === 'all') {
    return contentAfter(durable, pending);
  }
  const sector = random.pick(SECTORS);
  const known = random.below(pending.length) + 1;
  const reached = fate === 'suffix' ? pending.length : known;
  // The size is metadata, which goes its own way.
  let size = durable.length;
  for (const change of pending.slice(0, reached)) {
    size = sizeAfter(size, change);
  }
  const content = Buffer.alloc(Math.max(size, durable.length));
  durable.copy(content);
  for (const [at, writes] of bySector(pending, sector)) {
    if (at >= size) {
      break;
    }
    for (const { index, from, bytes } of writes.slice(0, kept(fate, writes, known, random))) {
      if (fate !== 'suffix' || index >= known - 1) {
        bytes.copy(content, from);
      }
    }
  }
  return content.subarray(0, size);
}

interface SectorWrite {
  /** Of the change that it is a part of. */
  readonly index: number;
  /** Where its bytes begin in the file. */
  readonly from: number;
  readonly bytes: Buffer;
}

/** How many of a sector's writes, from the first on, are on the medium. */
function kept(fate: Fate, writes: readonly SectorWrite[], known: number, random: Random): number {
  if (fate === 'chance') {
    return random.below(writes.length + 1);
  }
  if (fate === 'suffix') {
    return writes.length;
  }
  const whole = writes.filter(({ index }) => index < known - 1).length;
  // The change in which the power went is torn.
  const torn = writes.some(({ index }) => index === known - 1);
  return whole + (torn ? random.below(2) : 0);
}

/** The changes cut into sectors, in the order of the file. A truncation writes zeros. */
function bySector(changes: readonly FileChange[], sector: number): [number, SectorWrite[]][] {
  const sectors = new Map<number, SectorWrite[]>();
  for (const [index, change] of changes.entries()) {
    if (change.type === 'truncate') {
      continue;
    }
    const { offset, bytes } = change;
    for (let from = offset; from < offset + bytes.length; ) {
      const at = from - (from % sector);
      const end = Math.min(at + sector, offset + bytes.length);
      const writes = sectors.get(at) ?? [];
      writes.push({ index, from, bytes: bytes.subarray(from - offset, end - offset) });
      sectors.set(at, writes);
      from = end;
    }
  }
  return [...sectors].sort(([one], [other]) => one - other);
}
