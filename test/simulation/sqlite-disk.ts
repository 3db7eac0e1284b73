import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Store, sqliteArchive } from '../../src/ledger/index.ts';
import type { Disk } from './model-disk.ts';

/** The real store on a file: slower by far, and the SQL is tried as well. */
export class SqliteDisk implements Disk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'farthing-simulation-'));
  #store: Store | undefined;

  async open(): Promise<Store> {
    this.#store = await sqliteArchive(this.#path).open();
    return this.#store;
  }

  /**
   * Whatever was committed is in the file; what was not is in no file, so that closing it says nothing to it.
   */
  async crash(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
  }

  /** A commit that writes a transfer fails when its rows are half written. Returns what ends that. */
  readonly breakCommit = (): (() => void) => {
    this.#execute(
      `CREATE TRIGGER broken BEFORE INSERT ON transfer BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END`,
    );
    return () => this.#execute('DROP TRIGGER broken');
  };

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #path(): string {
    return join(this.#folder, 'ledger.db');
  }

  #execute(statement: string): void {
    const database = new DatabaseSync(this.#path);
    try {
      database.exec(statement);
    } finally {
      database.close();
    }
  }
}
