import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Ledger, sqliteArchive } from '../../src/ledger/index.ts';
import { Random } from '../fuzz/random.ts';
import { Disk, type DiskEvent } from './disk-log.ts';
import { GRANT, orderOf, PEOPLE } from './load.ts';
import { losePower } from './power-loss.ts';

/** What the index of a log is: SQLite makes it anew, whatever a loss of power has left there. */
const INDEX = 'ledger.db-shm';
const INDEX_BYTES = 32 * 1024;
/** Memory, where a system offers it as a folder: thousands of states are written and read. */
const MEMORY = '/dev/shm';

export interface LossFigures {
  /** States of the disk that were opened. */
  readonly states: number;
  /** In how many of them something had not been synced. */
  readonly torn: number;
  /** Books that were refused as damaged: whatever was answered is lost with them. */
  readonly refused: number;
  /** Answered payments that were gone, over all states that were not refused. */
  readonly lost: number;
  readonly twice: number;
  readonly problems: readonly string[];
}

/**
 * Cuts the power at moments of a log, half of them right before a sync or after an answer, and opens what may
 * be left as a server would: every payment answered before is there once, and the books are in order.
 */
export async function examineLosses(
  events: readonly DiskEvent[],
  { states, seed }: { readonly states: number; readonly seed: number },
): Promise<LossFigures> {
  const random = new Random(seed);
  const moments = chooseMoments(events, states, random);
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'farthing-loss-'));
  const figures = { states: 0, torn: 0, refused: 0, lost: 0, twice: 0, problems: [] as string[] };
  try {
    const disk = new Disk();
    for (const [moment, event] of events.entries()) {
      while (moments.at(-1) === moment) {
        moments.pop();
        figures.states += 1;
        const unsynced = [...disk.files.values()].some(({ pending }) => pending.length > 0);
        if (unsynced || disk.pending.length > 0) {
          figures.torn += 1;
        }
        const found = await examineState(folder, losePower(disk, random), disk.answered, random);
        figures.refused += found.isRefused ? 1 : 0;
        figures.lost += found.lost;
        figures.twice += found.twice;
        figures.problems.push(
          ...found.problems.map((problem) => `seed ${seed}, moment ${moment}: ${problem}`),
        );
      }
      disk.carryOut(event);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}

/** Indices of events before which the power goes, the last first. */
function chooseMoments(events: readonly DiskEvent[], count: number, random: Random): number[] {
  const edges = events.flatMap(({ type }, index) => {
    if (type === 'sync') {
      return [index];
    }
    return type === 'answered' ? [index + 1] : [];
  });
  return Array.from({ length: count }, (_, n) =>
    n % 2 === 0 ? random.below(events.length) : random.pick(edges),
  ).sort((one, other) => other - one);
}

interface StateFindings {
  readonly isRefused: boolean;
  readonly lost: number;
  readonly twice: number;
  readonly problems: readonly string[];
}

async function examineState(
  parent: string,
  files: ReadonlyMap<string, Buffer>,
  answered: number,
  random: Random,
): Promise<StateFindings> {
  const folder = mkdtempSync(join(parent, 'state-'));
  const path = join(folder, 'ledger.db');
  for (const [name, bytes] of files) {
    writeFileSync(join(folder, name), bytes);
  }
  if (random.below(4) === 0) {
    writeFileSync(join(folder, INDEX), noise(INDEX_BYTES, random));
  }
  try {
    const ledger = await Ledger.open(await sqliteArchive(path).open(), { grant: GRANT });
    try {
      const { problems } = await ledger.audit();
      const { lost, twice } = comparePayments(path, answered);
      return { isRefused: false, lost, twice, problems };
    } finally {
      await ledger.close();
    }
  } catch (error) {
    return { isRefused: true, lost: 0, twice: 0, problems: [String(error)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function comparePayments(path: string, answered: number): { lost: number; twice: number } {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare('SELECT seq, id, payer, payee, amount FROM journal').all();
    const bySeq = new Map(rows.map((row) => [Number(row['seq']), row]));
    let lost = 0;
    for (let seq = 1; seq <= answered; seq += 1) {
      const row = bySeq.get(seq);
      const { payer, payee, amount, id } = orderOf(seq);
      const isThere =
        seq <= PEOPLE.length
          ? row?.['payer'] === 'issuer'
          : row?.['payer'] === payer &&
            row['payee'] === payee &&
            row['amount'] === amount &&
            row['id'] === Buffer.from(id).toString('hex');
      if (!isThere) {
        lost += 1;
      }
    }
    return { lost, twice: rows.length - new Set(rows.map((row) => `${row['payer']} ${row['id']}`)).size };
  } finally {
    database.close();
  }
}

function noise(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}
