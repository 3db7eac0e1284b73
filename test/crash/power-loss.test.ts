import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ledger, sqliteArchive } from '../../src/ledger/index.ts';
import { Random } from '../fuzz/random.ts';
import { Disk, type DiskEvent } from './disk-log.ts';
import { FileRecorder } from './file-recorder.ts';
import { batchSize, GRANT, PEOPLE, payBatch, populate } from './load.ts';
import { examineLosses } from './losses.ts';
import { losePower } from './power-loss.ts';

const LIVES = 3;
const BATCHES_OF_A_LIFE = 25;
const STATES = 80;

/** Some lives of a ledger, as its files show them. */
async function record(synchronous: 'FULL' | 'NORMAL'): Promise<readonly DiskEvent[]> {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-loss-'));
  const path = join(folder, 'ledger.db');
  try {
    const open = async () => Ledger.open(await sqliteArchive(path).open(), { grant: GRANT });
    let ledger = await open();
    await populate(ledger);
    const recorder = new FileRecorder(path, synchronous);
    recorder.observe(PEOPLE.length);
    let next = PEOPLE.length + 1;
    for (let life = 0; life < LIVES; life += 1) {
      for (let batch = 0; batch < BATCHES_OF_A_LIFE; batch += 1) {
        const last = await payBatch(ledger, next, batchSize(next));
        recorder.observe(last);
        next = last + 1;
      }
      await ledger.close();
      recorder.observeClosed();
      ledger = await open();
    }
    await ledger.close();
    return recorder.events;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a loss of power', () => {
  test('loses no answered payment, whatever becomes of what was not synced', async () => {
    const figures = await examineLosses(await record('FULL'), { states: STATES, seed: 1 });
    assert.deepEqual([figures.lost, figures.twice, figures.problems], [0, 0, []]);
    assert.equal(figures.states, STATES);
    assert.ok(figures.torn > STATES / 2, 'in most states something was not synced');
  });

  test('would lose some with synchronous=NORMAL: what looks for them finds them', async () => {
    const figures = await examineLosses(await record('NORMAL'), { states: STATES, seed: 1 });
    assert.ok(figures.lost > 0 && figures.refused < STATES);
    assert.equal(figures.twice, 0);
  });
});

describe('a simulated disk', () => {
  const A = Buffer.alloc(8192, 'a');
  const B = Buffer.alloc(8192, 'b');
  const written = (extra: readonly DiskEvent[]): Disk => {
    const disk = new Disk();
    const made: DiskEvent[] = [
      { type: 'create', name: 'file', file: 1 },
      { type: 'sync folder' },
      { type: 'write', file: 1, offset: 0, bytes: A },
      { type: 'sync', file: 1 },
    ];
    for (const event of [...made, ...extra]) {
      disk.carryOut(event);
    }
    return disk;
  };
  const outcomes = (disk: Disk, name = 'file'): Set<string | undefined> => {
    const random = new Random(7);
    return new Set(Array.from({ length: 200 }, () => losePower(disk, random).get(name)?.toString('latin1')));
  };

  test('keeps what was synced, and nothing else is certain', () => {
    assert.deepEqual(outcomes(written([])), new Set([A.toString('latin1')]));
    const overwritten = outcomes(written([{ type: 'write', file: 1, offset: 0, bytes: B }]));
    assert.ok(overwritten.has(A.toString('latin1')) && overwritten.has(B.toString('latin1')));
    const torn = [...overwritten].filter((content) => content?.includes('a') && content.includes('b'));
    assert.ok(torn.length > 10, 'sectors go their own ways');
    assert.ok(torn.every((content) => /^(?:a{512}|b{512})*$/.test(content ?? '')));
    assert.deepEqual(
      outcomes(
        written([
          { type: 'write', file: 1, offset: 0, bytes: B },
          { type: 'sync', file: 1 },
        ]),
      ),
      new Set([B.toString('latin1')]),
    );
  });

  test('may lose an earlier write and keep a later one', () => {
    const contents = outcomes(
      written([
        { type: 'write', file: 1, offset: 0, bytes: B.subarray(0, 4096) },
        { type: 'write', file: 1, offset: 4096, bytes: B.subarray(4096) },
      ]),
    );
    assert.ok(contents.has(`${'a'.repeat(4096)}${'b'.repeat(4096)}`));
  });

  test('may cut a file back to what it was, or leave it long', () => {
    const lengths = [...outcomes(written([{ type: 'write', file: 1, offset: 8192, bytes: B }]))].map(
      (content) => content?.length,
    );
    assert.deepEqual([...new Set(lengths)].sort(), [16_384, 8192]);
    const cut = [...outcomes(written([{ type: 'truncate', file: 1, size: 100 }]))].map(
      (content) => content?.length,
    );
    assert.deepEqual([...new Set(cut)].sort(), [100, 8192]);
  });

  test('knows a new name for certain once its folder is synced', () => {
    const renamed: DiskEvent = { type: 'rename', from: 'file', to: 'other' };
    assert.deepEqual(outcomes(written([renamed]), 'other'), new Set([undefined, A.toString('latin1')]));
    assert.deepEqual(
      outcomes(written([renamed, { type: 'sync folder' }]), 'other'),
      new Set([A.toString('latin1')]),
    );
    assert.deepEqual(
      outcomes(written([{ type: 'unlink', name: 'file' }, { type: 'sync folder' }])),
      new Set([undefined]),
    );
  });
});
