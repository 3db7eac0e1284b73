import { extname } from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';
import { ServerError } from '../../operator/index.ts';
import { YOUNG_GENERATION_MIB } from '../limits.ts';

/** The files of the threads, by the names that are shown of them. */
const FILES = { 'hub-thread': '../hub-thread/thread', 'gateway-thread': '../gateway/thread' } as const;

/** Which thread to start. */
export type ThreadName = keyof typeof FILES;

interface Listener<Report> {
  onReport(report: Report): void;
  onCrash(error: ServerError): void;
}

/**
 * A worker thread as the main thread sees it: orders go in, reports come out, and its unexpected end is one error.
 * What comes out while nobody listens is kept.
 */
export class Thread<Order, Report extends { readonly type: string }> {
  readonly #worker: Worker;
  readonly #name: ThreadName;
  readonly #exited: Promise<void>;
  #listener: Listener<Report> | undefined;
  readonly #unheard: Report[] = [];
  #crash: ServerError | undefined;
  /** Its end is no surprise any more. */
  #letGo = false;

  constructor(name: ThreadName, data: object, transfer: readonly Transferable[]) {
    this.#name = name;
    // The same file from the sources (.ts) and from the build (.js).
    const file = new URL(`${FILES[name]}${extname(import.meta.filename)}`, import.meta.url);
    this.#worker = new Worker(file, {
      workerData: data,
      transferList: [...transfer],
      name,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
      // Node 24 says on stderr that node:sqlite is experimental; an operator can do nothing about that.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#worker.on('message', (report: Report) => {
      this.#unheard.push(report);
      this.#tell();
    });
    this.#worker.on('error', (cause) => this.#crashed(cause));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        if (!this.#letGo) this.#crashed(undefined);
        resolve();
      });
    });
  }

  /** Its next report. Rejects with ServerError `crashed` when it ends before. */
  next(): Promise<Report> {
    return new Promise((resolve, reject) => {
      const onReport = (report: Report) => {
        this.#listener = undefined;
        resolve(report);
      };
      this.listen(onReport, reject);
    });
  }

  /** Where its reports go from now on, and the error when it ends unasked. */
  listen(onReport: (report: Report) => void, onCrash: (error: ServerError) => void): void {
    this.#listener = { onReport, onCrash };
    this.#tell();
  }

  order(order: Order, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(order, transfer);
  }

  /** Resolves when it has ended, and what it held is free. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** Gives it its last order, after which it ends by itself. Resolves when it has ended, whatever its end was like. */
  async finish(order: Order): Promise<void> {
    this.#letGo = true;
    this.order(order);
    await this.#exited;
  }

  /** Ends it at once. */
  async terminate(): Promise<void> {
    this.#letGo = true;
    await this.#worker.terminate();
  }

  #tell(): void {
    while (this.#listener !== undefined) {
      const report = this.#unheard.shift();
      if (report === undefined) break;
      this.#listener.onReport(report);
    }
    if (this.#crash !== undefined) this.#listener?.onCrash(this.#crash);
  }

  #crashed(cause: unknown): void {
    this.#letGo = true;
    const why = cause instanceof Error ? `ended on an error: ${cause.message}` : 'ended';
    this.#crash = new ServerError('crashed', `a thread of the server (${this.#name}) ${why}`, { cause });
    this.#tell();
  }
}
