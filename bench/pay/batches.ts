import { DatabaseSync } from 'node:sqlite';

/**
 * How many payments the hub committed at a time, in order. All that one commit holds was executed at one
 * moment, which stands in each transfer (`at`, in ms, and a commit takes longer than one), so the books
 * themselves say it.
 */
export function batchSizes(ledger: string, afterSeq: number): number[] {
  const database = new DatabaseSync(ledger, { readOnly: true });
  try {
    const rows = database
      .prepare('SELECT count(*) AS size FROM transfer WHERE seq > ? GROUP BY at ORDER BY at')
      .all(afterSeq);
    return rows.map(({ size }) => Number(size));
  } finally {
    database.close();
  }
}

/** The batch sizes of the server's last round, for the bare store to commit in the same. */
export class Batches {
  /** Until a server has run: so many as are under way at once. */
  sizes: readonly number[];

  constructor(underWay: number) {
    this.sizes = [underWay];
  }
}
