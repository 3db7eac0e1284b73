import type { Store } from '../../src/ledger/index.ts';
import type { HubResult } from '../hub/support/internals.ts';
import { type Movement, StoreError } from '../ledger/support/internals.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { Client } from './client.ts';
import { Dice } from './dice.ts';
import { type Faults, FaultyStore, NO_FAULTS, PowerLoss } from './faulty-store.ts';
import { type Figures, newFigures, SimulationFailure } from './figures.ts';
import type { Habits } from './habits.ts';
import { describeItem, type Item, type Spoken } from './items.ts';
import { Model } from './model.ts';
import type { ModelBooks } from './model-books.ts';
import { type Disk, ModelDisk } from './model-disk.ts';
import { Channel, Network } from './network.ts';
import { demandOperated, Operator } from './operator.ts';
import { type Person, Promises } from './person.ts';
import { demand, show } from './same.ts';
import { SimulatedServer } from './server.ts';
import { SqliteDisk } from './sqlite-disk.ts';
import { describeSwarm, drawFaults, drawSwarm, type Move, type Swarm } from './swarm.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly disk: Swarm['disk'];
  /** Told what happens, before it does. */
  readonly trace?: ((event: string) => void) | undefined;
  /**
   * Comes between the ledger and its store, or between the hub and its gateways, to break what the simulation
   * must notice.
   */
  readonly sabotage?: Sabotage | undefined;
}

/** Ways of breaking a server from outside. */
export interface Sabotage {
  readonly store?: (store: Store) => Store;
  readonly result?: (result: HubResult) => HubResult;
}

/** Turns after which the whole disk is compared with the model, instead of what has changed. */
const THOROUGH = 256;

/**
 * At the end: how often clients may ask, and what may arrive in between, before that is taken for endless.
 */
const MOST_ROUNDS = 500;
const MOST_MOVES = 100_000;

const CURRENCY = { name: 'shells', scale: 3 };
const MIDNIGHT = 1_700_000_000_000;

/** One community from its first day on: everything follows from the seed. */
export class Simulation {
  readonly figures: Figures = newFigures();
  readonly swarm: Swarm;
  readonly #dice: Dice;
  readonly #disk: Disk;
  readonly #bookkeeper = new Bookkeeper();
  readonly #model: Model;
  readonly #promises = new Promises();
  readonly #clients: Client[] = [];
  readonly #trace: ((event: string) => void) | undefined;
  readonly #sabotage: Sabotage;
  readonly #network = new Network();
  #server: SimulatedServer | undefined;
  /** The books as a commit would have left them that failed and may come back. */
  #ghost: ModelBooks | undefined;
  #now = MIDNIGHT;
  readonly #space = { mayGrow: true, failed: (text: string) => text, committed: () => undefined };
  readonly #operator: Operator;

  private constructor({ seed, disk, trace, sabotage = {} }: SimulationOptions) {
    this.#dice = new Dice(seed);
    this.swarm = drawSwarm(this.#dice, disk);
    this.#disk = disk === 'model' ? new ModelDisk() : new SqliteDisk();
    this.#model = new Model(CURRENCY, this.swarm.gateways);
    this.#trace = trace;
    this.#sabotage = sabotage;
    this.#operator = this.#populate();
  }

  /** Runs the steps, then lets everything come to rest. Throws when something is not as it must be. */
  static async run(options: SimulationOptions & { readonly steps: number }): Promise<Figures> {
    const simulation = new Simulation(options);
    const { setImmediate } = globalThis;
    simulation.#takeImmediates();
    try {
      simulation.#trace?.(describeSwarm(simulation.swarm));
      await simulation.#begin();
      while (simulation.figures.steps < options.steps) {
        await simulation.#step();
      }
      await simulation.#rest();
      return simulation.figures;
    } catch (error) {
      throw new SimulationFailure(options.seed, simulation.figures.steps, error);
    } finally {
      globalThis.setImmediate = setImmediate;
      await simulation.#end();
    }
  }

  /**
   * What the server's code puts off to a later turn of the event loop comes when chance lets it, like
   * everything else.
   */
  #takeImmediates(): void {
    const later = new Channel<() => void>(this.#network, (callback) => callback());
    globalThis.setImmediate = ((callback: () => void) =>
      later.push(callback)) as unknown as typeof setImmediate;
  }

  async #begin(): Promise<void> {
    await this.#start();
  }

  #populate(): Operator {
    const { people, contested, habits, window, burst, orders, grant } = this.swarm;
    const everybodys = Array.from({ length: contested }, (_, index) => `c${index}`);
    const names = [...Array.from({ length: people }, (_, index) => `p${index}`), ...everybodys];
    const manners: Habits = { urn: habits, names, window, burst, orders, grant };
    for (let index = 0; index < people; index++) {
      const key = new Uint8Array(32).fill(index + 1);
      const person: Person = { key, names: [`p${index}`, ...everybodys], registered: new Set(), orders: [] };
      for (let device = this.#dice.between(1, 2); device > 0; device--) {
        const host = device === 1 ? `192.0.2.${index}` : `2001:db8::${index}`;
        this.#clients.push(new Client(person, host, manners, this.#dice, this.#promises, this.figures));
      }
    }
    const keys = this.#clients.map(({ person }) => person.key);
    return new Operator(this.#dice, names, [...new Set(keys)], orders, grant);
  }

  /** A server starts on what is on the disk. */
  async #start(): Promise<void> {
    const { rates, events } = this.swarm;
    const gateways = this.swarm.gateways;
    const grant = this.#dice.thousandth(900) ? this.swarm.grant : this.#dice.pick([0, 100]);
    const faulty = new FaultyStore(this.#disk, await this.#disk.open(), this.#bookkeeper);
    const store = this.#sabotage.store?.(faulty) ?? faulty;
    const settings = {
      space: this.#space,
      gateways,
      rates,
      events,
      ledger: { grant, currency: CURRENCY.name, scale: CURRENCY.scale },
    };
    this.#model.restart(gateways);
    this.#model.grant = grant;
    this.#server = await SimulatedServer.open(settings, store, faulty, this.#network, this.#dice);
  }

  async #step(): Promise<void> {
    this.figures.steps += 1;
    const move = this.swarm.moves.draw(this.#dice);
    switch (move) {
      case 'act':
        return this.#act();
      case 'turn':
        return this.#turn(drawFaults(this.#dice, this.swarm));
      case 'crash':
        return this.#crash('the power fails');
      case 'operate':
        return this.#running.operate(this.#operator.next());
      case 'gateway':
        this.#note(() => 'a gateway crashes');
        this.figures.gateways += 1;
        return this.#running.loseGateway();
      case 'cut':
      case 'die':
        return this.#lose(move);
      case 'clock':
        return this.#passTime();
      default:
        this.#network.deliver(this.#dice);
        return undefined;
    }
  }

  /** Clocks are put right now and then: time goes back. And disks become full, and are emptied. */
  #passTime(): void {
    const dice = this.#dice;
    this.#now += dice.thousandth(20) ? -dice.below(5_000) : dice.below(2_000);
    if (dice.thousandth(this.swarm.room)) {
      this.#space.mayGrow = !this.#space.mayGrow;
    }
  }

  #act(): void {
    const client = this.#dice.pick(this.#clients);
    const what = client.act(this.#network, this.#running);
    if (what !== undefined) {
      this.#note(() => `${this.#nameOf(client)} ${what}`);
    }
  }

  #lose(move: Extract<Move, 'cut' | 'die'>): void {
    const client = this.#dice.pick(this.#clients);
    if (client.link === undefined) {
      return;
    }
    this.figures.cuts += 1;
    this.#note(
      () => `${this.#nameOf(client)}: ${move === 'cut' ? 'the link is cut' : 'the device is switched off'}`,
    );
    client.lose(move);
  }

  async #turn(faults: Faults): Promise<void> {
    const server = this.#running;
    const batch = server.takeBatch(this.swarm.mostInBatch);
    if (batch.length === 0) {
      return;
    }
    this.figures.turns += 1;
    const items = batch.map(({ item }) => item);
    this.#note(() => `the hub takes ${items.map(describeItem).join(', ')}`);
    server.store.begin(faults);
    let result: HubResult;
    try {
      result = await server.hub.execute(
        batch.map(({ input }) => input),
        this.#now,
      );
    } catch (error) {
      const isUnsettled = error instanceof StoreError && error.code === 'unsettled';
      if (!(error instanceof PowerLoss || isUnsettled)) {
        throw error;
      }
      await this.#dieInCommit(items);
      return;
    }
    const spoken = this.#expect(items, result);
    demandOperated(result, this.#model.operated);
    this.#compare();
    server.post(this.#sabotage.result?.(result) ?? result, spoken);
  }

  /** What the model says to a batch, as it went. */
  #expect(items: readonly Item[], result: HubResult): Spoken[] {
    const { store } = this.#running;
    const { failed, commit } = store.happened;
    const circumstances = {
      now: this.#now,
      unread: store.faults.histories,
      tooMany: this.#refusalsIn(result),
      mayGrow: this.#space.mayGrow,
    };
    if (!failed) {
      if (store.happened.committed) {
        this.#ghost = undefined;
      }
      return this.#model.run(items, circumstances);
    }
    this.figures.failures += 1;
    this.#note(() => `the batch fails${commit === undefined ? '' : ` (${commit})`}`);
    // It was carried out before it failed, and has used up what is news.
    if (commit !== undefined) {
      this.#booksAfter(items);
    }
    return this.#model.refuse(items, this.#now, store.loaded);
  }

  /** What a batch would leave in the books. */
  #booksAfter(items: readonly Item[]): ModelBooks {
    const other = this.#model.clone();
    other.run(items, {
      now: this.#now,
      unread: new Set(),
      tooMany: () => false,
      mayGrow: this.#space.mayGrow,
    });
    return other.books;
  }

  /** Which requests the hub refused with 429. */
  #refusalsIn({ outputs }: HubResult): (conn: number, id: number) => boolean {
    if (!this.swarm.rates) {
      return () => false;
    }
    const refused = new Set<string>();
    for (const output of outputs.flat()) {
      if (output.type === 'refusal' && output.error === 'TOO_MANY') {
        refused.add(`${output.conn} ${output.id}`);
      }
    }
    return (conn, id) => refused.has(`${conn} ${id}`);
  }

  #compare(): void {
    const { hub } = this.#running;
    const { online, sessions } = this.#model;
    demand(hub.online === online.length, () => `${hub.online} are online, not ${show(online)}`);
    demand(hub.links === sessions, () => `the hub knows ${hub.links} links, not ${sessions}`);
    this.#bookkeeper.agrees(this.#model.books, this.figures.turns % THOROUGH === 0);
  }

  async #dieInCommit(items: readonly Item[]): Promise<void> {
    const { commit } = this.#running.store.happened;
    if (commit === 'dies after' || commit === 'after') {
      this.#model.books = this.#booksAfter(items);
    }
    if (commit === 'ghost') {
      this.#ghost = this.#booksAfter(items);
    }
    await this.#crash(`the server ends while a batch is committed (${commit})`);
  }

  /** Everything in memory is gone, and a new server starts on the disk. */
  async #crash(why: string): Promise<void> {
    this.#note(() => why);
    this.figures.crashes += 1;
    const server = this.#running;
    server.die();
    await this.#disk.crash();
    const { ghost } = server.store;
    if (ghost !== undefined && this.#ghost !== undefined && this.#dice.thousandth(500)) {
      this.#note(() => 'a commit that had failed is on the disk');
      await this.#raise(ghost);
      this.#model.books = this.#ghost;
    }
    this.#ghost = undefined;
    await this.#start();
    await this.#compareAll();
  }

  async #raise(ghost: Parameters<Store['commit']>[0]): Promise<void> {
    const store = await this.#disk.open();
    await store.load();
    await store.commit(ghost);
    this.#bookkeeper.record(ghost);
    await this.#disk.crash();
  }

  /** Everything that is on the disk, and everything that was promised. */
  async #compareAll(): Promise<void> {
    const { ledger, store } = this.#running;
    this.#bookkeeper.agrees(this.#model.books, true);
    this.#promises.demandKept(this.#model.books.transfers);
    const snapshot = await store.snapshot();
    try {
      this.#bookkeeper.compare(await snapshot.books());
      const transfers: Movement[] = [];
      for await (const slice of snapshot.transfers()) {
        transfers.push(...slice);
      }
      this.#bookkeeper.compareTransfers(transfers);
    } finally {
      await snapshot.close();
    }
    const { ok, problems } = await ledger.audit();
    demand(ok, () => `the audit finds ${problems.join('; ')}`);
  }

  /**
   * No more faults: what is under way arrives, every open order is asked for again, and nothing is left over.
   */
  async #rest(): Promise<void> {
    this.#space.mayGrow = true;
    await this.#calm();
    for (let round = 0; !this.#settle(); round++) {
      demand(round < MOST_ROUNDS, () => 'clients ask for ever');
      await this.#calm();
    }
    this.#running.demandQuiet(this.#model.online);
    await this.#compareAll();
    const { accounts, transfers, operations } = this.#model.books;
    this.figures.operations = operations.length;
    this.figures.accounts = accounts.size;
    this.figures.transfers = transfers.length;
  }

  /**
   * Everybody asks for what they still have to know, on one device only: two would log each other out for
   * ever.
   */
  #settle(): boolean {
    const busy = new Set<Person>();
    for (const client of this.#clients) {
      if (!busy.has(client.person) && !client.settle(this.#network, this.#running)) {
        busy.add(client.person);
      }
    }
    return busy.size === 0;
  }

  async #calm(): Promise<void> {
    for (let moves = 0; this.#network.deliver(this.#dice) || this.#running.hasWork; moves++) {
      demand(moves < MOST_MOVES, () => 'messages go to and fro for ever');
      if (this.#dice.thousandth(300)) {
        await this.#turn(NO_FAULTS);
      }
    }
  }

  async #end(): Promise<void> {
    await this.#disk.crash();
    this.#disk.remove();
  }

  get #running(): SimulatedServer {
    if (this.#server === undefined) {
      throw new RangeError('no server is running');
    }
    return this.#server;
  }

  #nameOf(client: Client): string {
    const index = this.#clients.indexOf(client);
    return `client ${index} (${client.person.names[0]}, link ${client.link?.conn ?? '-'})`;
  }

  #note(event: () => string): void {
    this.#trace?.(`${this.figures.steps}: ${event()}`);
  }
}
