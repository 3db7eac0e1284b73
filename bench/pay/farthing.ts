import { join } from 'node:path';
import type { Contender, Running, Sample } from '../case.ts';
import { type Batches, batchSizes } from './batches.ts';
import { type DiskFolder, newDiskFolder } from './folder.ts';
import { Helper } from './helper.ts';
import type { LoadOrder, LoadResult, LoadSetup } from './load.ts';
import { ServerProcess, type ServerSetup } from './server.ts';

/** Minor units that a new account is given when the operator says nothing. */
const GRANT = 1_000_000;

/** Who pays whom, and how many at a time. */
export type Load = Pick<LoadSetup, 'clients' | 'depth' | 'payees'>;

/** A server and its load. */
export class RunningPayments implements Running {
  readonly #folder: DiskFolder;
  readonly #server: ServerProcess;
  readonly #load: Helper<LoadOrder, LoadResult>;
  readonly #accounts: number;
  readonly #batches: Batches;
  /** Transfers in the books: the welcome grants, then each payment that was answered. */
  #transfers: number;

  private constructor(folder: DiskFolder, server: ServerProcess, load: Load, batches: Batches) {
    const { port, key } = server;
    this.#folder = folder;
    this.#server = server;
    this.#load = new Helper('load.process.ts', { ...load, port, key } satisfies LoadSetup);
    this.#accounts = load.clients + (load.payees === 'hot' ? 1 : 0);
    this.#transfers = this.#accounts;
    this.#batches = batches;
  }

  static async start(setup: ServerSetup, load: Load, batches: Batches): Promise<RunningPayments> {
    const folder = newDiskFolder();
    try {
      return new RunningPayments(folder, await ServerProcess.start(folder.path, setup), load, batches);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  measure(seconds: number): Promise<Sample> {
    return this.run({ seconds });
  }

  /** A round of so many seconds, or until so many payments are made. */
  async run(order: LoadOrder): Promise<Sample & LoadResult> {
    // The first round begins with handshakes and registrations, which are not payments.
    if (this.#transfers === this.#accounts) {
      await this.#pay({ seconds: order.seconds, payments: 1 });
    }
    const before = this.#server.cpuMicros;
    const transfers = this.#transfers;
    const result = await this.#pay(order);
    const serverCpuUs = (this.#server.cpuMicros - before) / result.answered;
    this.#batches.sizes = batchSizes(join(this.#folder.path, 'ledger.db'), transfers);
    return { ...result, rate: result.answered / result.seconds, serverCpuUs };
  }

  async #pay(order: LoadOrder): Promise<LoadResult> {
    const result = await this.#load.ask(order);
    this.#transfers += result.answered;
    return result;
  }

  /** Where the server listens, and its key. */
  get target(): { readonly port: number; readonly key: Uint8Array } {
    const { port, key } = this.#server;
    return { port, key: new Uint8Array(Buffer.from(key, 'hex')) };
  }

  /** The folder of the server's data. */
  get folder(): string {
    return this.#folder.path;
  }

  /**
   * Throws unless the books are in order, hold each payment that was answered and no other, and no money came
   * or went.
   */
  async close(): Promise<void> {
    try {
      await this.#load.end();
      const { ok, accounts, transfers, circulationMinor } = await this.#server.stop();
      const found = { ok, accounts, transfers, circulationMinor };
      const due = {
        ok: true,
        accounts: this.#accounts,
        transfers: this.#transfers,
        circulationMinor: this.#accounts * GRANT,
      };
      if (JSON.stringify(found) !== JSON.stringify(due)) {
        throw new Error(`the books say ${JSON.stringify(found)}, and should say ${JSON.stringify(due)}`);
      }
    } finally {
      await this.end();
    }
  }

  /** Ends it at once, and looks at nothing. */
  async end(): Promise<void> {
    await this.#load.end();
    await this.#server.kill();
    this.#folder.remove();
  }
}

/** The real server. Its batch sizes go to `batches`. */
export function farthing(load: Load, backend: ServerSetup['backend'], batches: Batches): Contender {
  return {
    name: backend === 'native' ? 'farthing' : 'farthing-noble',
    detail: `farthing-server --quiet --no-rates --backend ${backend}, suite XXhfs, clients of src/link and src/protocol in one process`,
    start: () => RunningPayments.start({ backend }, load, batches),
  };
}
