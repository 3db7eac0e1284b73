import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../fuzz/random.ts';
import type { Program } from '../support/program.ts';
import { Leftovers, newFolder, Person } from '../support/programs.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { copyFiles, copyLive, examine, type Findings } from './books.ts';
import { Clients } from './clients.ts';
import { type Recorded, readJournal } from './journal.ts';
import { RandomCuts } from './random-cuts.ts';

const PEOPLE = ['ann', 'ben', 'cas', 'dot'];
/** Orders that each of them has under way at once. */
const DEPTH = 12;
/** A round breaks something after at most so many answers, and so many milliseconds. */
const MAX_ANSWERS = 250;
const MAX_DELAY_MS = 20;
/** A server that is killed while it starts lives at most so long, in milliseconds. */
const MAX_START_MS = 500;
/** Servers killed while they make their books. */
const FIRST_STARTS = 3;
/** Connections cut in one round of a broken network. */
const MAX_CUTS = 12;

/** What a round breaks. */
export type Kind = 'server' | 'clients' | 'network';

/** Of ten rounds; the first three have one of each. */
const KINDS: readonly Kind[] = [
  'server',
  'clients',
  'network',
  'server',
  'server',
  'server',
  'server',
  'clients',
  'network',
  'server',
];

export interface Figures {
  readonly rounds: Readonly<Record<Kind, number>>;
  /** Servers killed before they listened. */
  readonly killedStarting: number;
  /** Connections cut. */
  readonly cuts: number;
  readonly orders: number;
  /** Orders with an answer that they were paid. */
  readonly answered: number;
  /** Orders whose link broke before the answer, at least once. */
  readonly unknown: number;
  /** Times that an order was asked again under its id. */
  readonly retried: number;
  /** Findings of all rounds together, and of the end. */
  readonly lost: number;
  readonly twice: number;
  /** At the end: without exactly one transfer. */
  readonly unresolved: number;
  readonly problems: readonly string[];
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Is told of each round when it is over. */
  readonly progress?: (round: number, kind: Kind) => void;
}

/** Payments without end while servers, clients and networks break, and an audit after each of it. */
export async function runRounds({ rounds, seed, progress }: RoundsOptions): Promise<Figures> {
  const leftovers = new Leftovers();
  try {
    const town = await Town.open(leftovers, seed);
    for (let round = 0; round < rounds; round += 1) {
      const kind = await town.round(round);
      progress?.(round + 1, kind);
    }
    return await town.end();
  } finally {
    await leftovers.clear();
  }
}

/** A server, the network to it, and its clients. */
class Town {
  readonly #random: Random;
  readonly #operator: Person;
  readonly #proxy: TcpProxy;
  readonly #cuts: RandomCuts;
  readonly #data: string;
  readonly #copy: string;
  readonly #journal: string;
  readonly #rounds: Record<Kind, number> = { server: 0, clients: 0, network: 0 };
  readonly #findings: Findings[] = [];
  #server: Program;
  #serverKey: string;
  #clients: Clients;
  #lives = 0;
  #killedStarting = FIRST_STARTS;

  private constructor(
    random: Random,
    operator: Person,
    proxy: TcpProxy,
    cuts: RandomCuts,
    folder: string,
    started: { server: Program; key: string },
  ) {
    this.#random = random;
    this.#operator = operator;
    this.#proxy = proxy;
    this.#cuts = cuts;
    this.#data = join(folder, 'data');
    this.#copy = join(folder, 'copy');
    this.#journal = join(folder, 'journal');
    this.#server = started.server;
    this.#serverKey = started.key;
    this.#clients = this.#newClients();
  }

  static async open(leftovers: Leftovers, seed: number): Promise<Town> {
    const random = new Random(seed);
    const operator = new Person(leftovers);
    const folder = newFolder(leftovers);
    const cuts = new RandomCuts(random);
    const proxy = await TcpProxy.start(0, cuts);
    for (let times = 0; times < FIRST_STARTS; times += 1) {
      await killStarting(start(operator, join(folder, 'data')), random);
    }
    const started = await listening(start(operator, join(folder, 'data')), proxy);
    const town = new Town(random, operator, proxy, cuts, folder, started);
    leftovers.after(async () => {
      await town.#clients.kill();
      town.#server.kill('SIGKILL');
      await town.#server.ended;
      await proxy.stop();
    });
    return town;
  }

  /** Breaks something while payments run, looks at the books, and puts it right again. */
  async round(number: number): Promise<Kind> {
    const kind = number < 3 ? (KINDS[number] ?? 'server') : this.#random.pick(KINDS);
    this.#rounds[kind] += 1;
    await this.#clients.answered(1 + this.#random.below(MAX_ANSWERS));
    await pause(this.#random.below(MAX_DELAY_MS));
    if (kind === 'server') {
      await this.#killServer();
    } else if (kind === 'clients') {
      await this.#killClients();
    } else {
      await this.#cuts.cut(1 + this.#random.below(MAX_CUTS));
    }
    if (kind === 'server') {
      await this.#restartServer();
    } else {
      await this.#examineLive();
    }
    return kind;
  }

  /** Lets every order find its answer, stops everything in good order, and looks at the books themselves. */
  async end(): Promise<Figures> {
    await this.#clients.stop();
    this.#server.kill('SIGTERM');
    const { status, stderr } = await this.#server.ended;
    if (status !== 0) {
      throw new Error(`the server ended with ${status}: ${stderr}`);
    }
    const orders = readJournal(this.#journal);
    this.#findings.push(await examine(this.#data, orders));
    return this.#figures([...orders.values()]);
  }

  #figures(orders: readonly Recorded[]): Figures {
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    const answered = orders.filter(({ seqs }) => seqs.length > 0).length;
    return {
      rounds: this.#rounds,
      killedStarting: this.#killedStarting,
      cuts: this.#cuts.count,
      orders: orders.length,
      answered,
      unknown: orders.filter(({ unknown }) => unknown > 0).length,
      retried: sum(orders.map(({ attempts }) => Math.max(0, attempts - 1))),
      lost: sum(this.#findings.map(({ lost }) => lost.length)),
      twice: sum(this.#findings.map(({ twice }) => twice.length)),
      // Every order has an answer, every answer its transfer, and there are no other transfers.
      unresolved: Math.max(
        orders.length - answered,
        Math.abs(orders.length - (this.#findings.at(-1)?.payments ?? 0)),
      ),
      problems: this.#findings.flatMap(({ problems }) => problems),
    };
  }

  async #killServer(): Promise<void> {
    this.#server.kill('SIGKILL');
    await this.#server.ended;
  }

  /**
   * Looks at what the server has left, then starts it again: a few times it is killed even before it listens.
   */
  async #restartServer(): Promise<void> {
    await this.#examineFiles();
    while (this.#random.below(4) === 0) {
      await killStarting(start(this.#operator, this.#data), this.#random);
      this.#killedStarting += 1;
      await this.#examineFiles();
    }
    const started = await listening(start(this.#operator, this.#data), this.#proxy);
    if (started.key !== this.#serverKey) {
      throw new Error('the server has another key than before');
    }
    this.#server = started.server;
  }

  async #killClients(): Promise<void> {
    await this.#clients.kill();
    this.#clients = this.#newClients();
  }

  #newClients(): Clients {
    this.#lives += 1;
    const { port } = this.#proxy;
    return new Clients(
      {
        journal: this.#journal,
        port,
        serverKey: this.#serverKey,
        names: PEOPLE,
        seed: this.#random.below(2 ** 31) + this.#lives,
        depth: DEPTH,
      },
      this.#operator.env,
    );
  }

  /** Looks at one moment of the books while payments go on. */
  async #examineLive(): Promise<void> {
    const answered = readJournal(this.#journal);
    copyLive(this.#data, this.#copy);
    this.#findings.push(await examine(this.#copy, readJournal(this.#journal), answered));
  }

  async #examineFiles(): Promise<void> {
    const orders = readJournal(this.#journal);
    copyFiles(this.#data, this.#copy);
    this.#findings.push(await examine(this.#copy, orders));
  }
}

function start(operator: Person, data: string): Program {
  return operator.serve('0', '--host', '127.0.0.1', '--data', data, '--json', '--quiet', '--no-rates');
}

async function listening(server: Program, proxy: TcpProxy): Promise<{ server: Program; key: string }> {
  const { port, key }: { port: number; key: string } = JSON.parse(await server.line('"listening"'));
  proxy.target = port;
  return { server, key };
}

async function killStarting(server: Program, random: Random): Promise<void> {
  await pause(random.below(MAX_START_MS));
  server.kill('SIGKILL');
  await server.ended;
}
