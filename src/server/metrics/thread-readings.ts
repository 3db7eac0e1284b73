import { READING_DEADLINE_MS } from '../limits.ts';
import type { GatewayReading, HubThreadReading, Readings } from './readings.ts';

/** One thread, of which readings are asked. */
class Source<Reading> {
  readonly name: string;
  /** The newest that is known. */
  newest: Reading | undefined;
  readonly #ask: () => void;
  #asked: PromiseWithResolvers<void> | undefined;

  constructor(name: string, ask: () => void) {
    this.name = name;
    this.#ask = ask;
  }

  /** True while it owes an answer. */
  get owes(): boolean {
    return this.#asked !== undefined;
  }

  /**
   * Resolves when it has answered. One that still owes an answer is not asked again, so nothing piles up
   * before it.
   */
  refresh(): Promise<void> {
    if (this.#asked === undefined) {
      this.#asked = Promise.withResolvers<void>();
      this.#ask();
    }
    return this.#asked.promise;
  }

  /** What it owed nobody answers any more. */
  replaced(): void {
    if (this.#asked !== undefined) {
      this.#ask();
    }
  }

  heard(reading: Reading): void {
    this.newest = reading;
    this.#asked?.resolve();
    this.#asked = undefined;
  }
}

/** Asks the threads for what they have counted. */
export class ThreadReadings {
  readonly #hub: Source<HubThreadReading>;
  readonly #gateways: readonly Source<GatewayReading>[];
  #running: Promise<Readings> | undefined;

  /** How to ask the hub, and each of the gateways. */
  constructor(askHub: () => void, askGateways: readonly (() => void)[]) {
    this.#hub = new Source('hub', askHub);
    this.#gateways = askGateways.map((ask, index) => new Source(`gateway-${index}`, ask));
  }

  heardHub(reading: HubThreadReading): void {
    this.#hub.heard(reading);
  }

  /** Another thread is this gateway now, and counts from nothing. */
  replacedGateway(index: number): void {
    this.#gateways[index]?.replaced();
  }

  heardGateway(index: number, reading: GatewayReading): void {
    this.#gateways[index]?.heard(reading);
  }

  /**
   * The newest that can be had within {@link READING_DEADLINE_MS}: of a thread that is too busy to answer,
   * what it said before. Who asks while others wait gets what they get.
   */
  read(): Promise<Readings> {
    this.#running ??= this.#read().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #read(): Promise<Readings> {
    const sources = [this.#hub, ...this.#gateways];
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, READING_DEADLINE_MS);
    await Promise.race([Promise.all(sources.map((source) => source.refresh())), late]);
    clearTimeout(timer);
    return {
      hub: this.#hub.newest,
      gateways: this.#gateways.map(({ newest }) => newest),
      late: sources.filter(({ owes }) => owes).map(({ name }) => name),
    };
  }
}
