import { extname } from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';
import { ServerError } from '../../operator/index.ts';
import type { FromGatewayThread, GatewayThreadData, ToGatewayThread } from '../gateway/messages.ts';
import type { FromHubThread, HubThreadData, ToHubThread } from '../hub-thread/messages.ts';
import { YOUNG_GENERATION_MIB } from '../limits.ts';

/** The threads by the names that are shown of them: what each is started with, is told and tells. */
interface Threads {
  'hub-thread': { readonly data: HubThreadData; readonly to: ToHubThread; readonly from: FromHubThread };
  'gateway-thread': {
    readonly data: GatewayThreadData;
    readonly to: ToGatewayThread;
    readonly from: FromGatewayThread;
  };
}

/** Their files. */
const FILES: Readonly<Record<keyof Threads, string>> = {
  'hub-thread': '../hub-thread/thread',
  'gateway-thread': '../gateway/thread',
};

export type HubThread = Thread<'hub-thread'>;

export type GatewayThread = Thread<'gateway-thread'>;

interface Listener<Message> {
  onMessage(message: Message): void;
  onCrash(error: ServerError): void;
}

/**
 * A worker thread as the main thread sees it: messages go in and come out, and its unexpected end is one
 * error. What comes out while nobody listens is kept.
 */
export class Thread<Name extends keyof Threads> {
  readonly #worker: Worker;
  readonly #name: Name;
  readonly #exited: Promise<void>;
  #listener: Listener<Threads[Name]['from']> | undefined;
  readonly #unheard: Threads[Name]['from'][] = [];
  #crash: ServerError | undefined;
  /** Its end is no surprise any more. */
  #letGo = false;

  /** Starts it. `transfer`: what is in the data and is the thread's alone from now on. */
  constructor(name: Name, data: Threads[Name]['data'], transfer: readonly Transferable[]) {
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
    this.#worker.on('message', (message: Threads[Name]['from']) => {
      this.#unheard.push(message);
      this.#tell();
    });
    this.#worker.on('error', (cause) => this.#crashed(cause));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        if (!this.#letGo) {
          this.#crashed(undefined);
        }
        resolve();
      });
    });
  }

  /** Its next message. @throws ServerError `crashed` when it ends before */
  next(): Promise<Threads[Name]['from']> {
    return new Promise((resolve, reject) => {
      this.listen((message) => {
        this.#listener = undefined;
        resolve(message);
      }, reject);
    });
  }

  /** Where its messages go from now on, and the error (`crashed`) when it ends unasked. */
  listen(onMessage: (message: Threads[Name]['from']) => void, onCrash: (error: ServerError) => void): void {
    this.#listener = { onMessage, onCrash };
    this.#tell();
  }

  /** Tells it something. `transfer`: what is in the message and is the thread's alone from now on. */
  post(message: Threads[Name]['to'], transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Resolves when it has ended, and what it held is free. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /**
   * Tells it the last thing, after which it ends by itself. Resolves when it has ended, whatever its end was
   * like.
   */
  async finish(message: Threads[Name]['to']): Promise<void> {
    this.#letGo = true;
    this.post(message);
    await this.#exited;
  }

  /** Ends it at once. */
  async terminate(): Promise<void> {
    this.#letGo = true;
    await this.#worker.terminate();
  }

  #tell(): void {
    while (this.#listener !== undefined) {
      const message = this.#unheard.shift();
      if (message === undefined) {
        break;
      }
      this.#listener.onMessage(message);
    }
    if (this.#crash !== undefined) {
      this.#listener?.onCrash(this.#crash);
    }
  }

  #crashed(cause: unknown): void {
    this.#letGo = true;
    const why = cause instanceof Error ? `ended on an error: ${cause.message}` : 'ended';
    this.#crash = new ServerError('crashed', `a thread of the server (${this.#name}) ${why}`, { cause });
    this.#tell();
  }
}
