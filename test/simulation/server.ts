import { Ledger, type LedgerSettings, type Store } from '../../src/ledger/index.ts';
import type { Link, LinkError } from '../../src/link/index.ts';
import { sourceNetwork } from '../../src/link/index.ts';
import type { Message } from '../../src/protocol/index.ts';
import type { HubInput, Space } from '../hub/support/internals.ts';
import { Hub, type HubResult } from '../hub/support/internals.ts';
import {
  Connection,
  OnlineList,
  type PackedOutputs,
  packOutputs,
  unpackOutputs,
} from '../server/support/internals.ts';
import type { Dice } from './dice.ts';
import { describe, type Expected, fulfils } from './expected.ts';
import type { FaultyStore } from './faulty-store.ts';
import type { Item, Spoken } from './items.ts';
import { Channel, type Network, type ServerSide, type SimulatedLink } from './network.ts';
import { demand, show } from './same.ts';

export interface ServerSettings {
  readonly gateways: number;
  readonly rates: boolean;
  readonly events: boolean;
  readonly space: Space;
  readonly ledger: LedgerSettings;
}

/** What reaches the hub, and what it means. */
export interface Arrival {
  readonly input: HubInput;
  readonly item: Item;
}

/** A link that a gateway holds. */
interface Held {
  readonly link: SimulatedLink;
  readonly gateway: Gateway;
  readonly connection: Connection;
  /** What it is to be told by the outputs that are carried out. */
  expected: readonly Expected[];
  told: number;
  /** Id of the last request that was answered. */
  answered: number;
  /** The hub has ended it. */
  mustEnd: boolean;
  /** The gateway has. */
  ended: boolean;
}

interface Gateway {
  readonly held: Map<number, Held>;
  online: OnlineList;
  readonly arrivals: Arrival[];
  readonly outputs: Channel<{ readonly packed: PackedOutputs; readonly spoken: Spoken }>;
}

const NOBODY: readonly Expected[] = [];

/**
 * A server without threads and sockets: the hub and its ledger, and gateways made of the server's own
 * connections, lists of who is online and packed outputs. Whatever it says to a client is compared with what
 * the model has said before.
 */
export class SimulatedServer implements ServerSide {
  readonly hub: Hub;
  readonly ledger: Ledger;
  readonly store: FaultyStore;
  readonly #dice: Dice;
  readonly #gateways: Gateway[];
  /** From the operator, who has a way of their own to the hub. */
  readonly #operator: Arrival[] = [];
  readonly #holders = new Map<SimulatedLink, Held>();
  #conns = 0;
  #dead = false;

  private constructor(
    hub: Hub,
    ledger: Ledger,
    store: FaultyStore,
    network: Network,
    dice: Dice,
    gateways: number,
  ) {
    this.hub = hub;
    this.ledger = ledger;
    this.store = store;
    this.#dice = dice;
    this.#gateways = Array.from({ length: gateways }, (_, index) => ({
      held: new Map(),
      online: new OnlineList(),
      arrivals: [],
      outputs: new Channel(network, ({ packed, spoken }) => this.#deliver(index, packed, spoken)),
    }));
  }

  static async open(
    settings: ServerSettings,
    ledgersStore: Store,
    store: FaultyStore,
    network: Network,
    dice: Dice,
  ): Promise<SimulatedServer> {
    const { gateways, rates, events, space } = settings;
    const ledger = await Ledger.open(ledgersStore, settings.ledger);
    const hub = new Hub({ ledger, gateways, noRates: !rates, events, space });
    return new SimulatedServer(hub, ledger, store, network, dice, gateways);
  }

  /** Whether the hub has anything to do. */
  get hasWork(): boolean {
    return this.#operator.length > 0 || this.#gateways.some(({ arrivals }) => arrivals.length > 0);
  }

  get links(): Iterable<SimulatedLink> {
    return this.#holders.keys();
  }

  /** Takes a beginning of what each gateway has posted. */
  takeBatch(most: number): Arrival[] {
    const batch: Arrival[] = [];
    const ways = [this.#operator, ...this.#gateways.map(({ arrivals }) => arrivals)];
    while (ways.length > 0) {
      const arrivals = this.#dice.take(ways);
      const wanted = this.#dice.thousandth(700) ? arrivals.length : this.#dice.below(arrivals.length + 1);
      batch.push(...arrivals.splice(0, Math.min(wanted, most - batch.length)));
    }
    return batch;
  }

  /** Hands to the gateways what came out of a batch, with what should have. */
  post({ outputs }: HubResult, spoken: readonly Spoken[]): void {
    for (const [index, gateway] of this.#gateways.entries()) {
      const own = outputs[index] ?? [];
      const expected = spoken[index] as Spoken;
      if (own.length > 0) {
        gateway.outputs.push({ packed: packOutputs(own), spoken: expected });
      } else {
        demand(expected.told.size === 0, () => `gateway ${index} is told nothing`);
      }
    }
  }

  /** Everything has been said and heard: what must be over is over, and every gateway knows who is online. */
  demandQuiet(online: readonly string[]): void {
    for (const { link, mustEnd, ended, connection } of this.#holders.values()) {
      demand(ended || !mustEnd, () => `link ${link.conn} should have ended`);
      demand(connection.open === 0, () => `link ${link.conn} waits for ${connection.open} answers`);
    }
    for (const gateway of this.#gateways) {
      const known = gateway.online.shownTo('').map(({ name }) => name);
      demand(
        show(known) === show(online),
        () => `a gateway knows ${show(known)} online, not ${show(online)}`,
      );
    }
  }

  /** The operator asks for something. */
  operate(arrival: Arrival): void {
    this.#operator.push(arrival);
  }

  /** The thread of one gateway ends on an error: its links are gone, and another takes its place. */
  loseGateway(): void {
    const gateway = this.#dice.below(this.#gateways.length);
    const { held, arrivals, outputs } = this.#gateways[gateway] as Gateway;
    for (const { link } of held.values()) {
      link.serverDies(this.#dice);
      this.#holders.delete(link);
    }
    held.clear();
    outputs.keep(0);
    (this.#gateways[gateway] as Gateway).online = new OnlineList();
    // What it had not posted yet is lost with it.
    arrivals.length = this.#dice.below(arrivals.length + 1);
    const renewed = { type: 'renewed', gateway, lastConn: this.#conns } as const;
    arrivals.push({ input: renewed, item: renewed });
  }

  /** It is no more, and nobody was told. */
  die(): void {
    this.#dead = true;
    for (const link of this.#holders.keys()) {
      link.serverDies(this.#dice);
    }
    for (const { outputs } of this.#gateways) {
      outputs.keep(0);
    }
  }

  accept(link: SimulatedLink): void {
    if (this.#dead) {
      link.serverDies(this.#dice);
      return;
    }
    const index = this.#dice.below(this.#gateways.length);
    const gateway = this.#gateways[index] as Gateway;
    this.#conns += 1;
    const conn = this.#conns;
    const { key, host } = link;
    link.conn = conn;
    gateway.arrivals.push({
      input: { type: 'opened', conn, gateway: index, key, host, network: sourceNetwork(host) },
      item: { type: 'opened', conn, gateway: index, key, host },
    });
    // The connection uses no more of a link than the stand-in has.
    const end = link.end as unknown as Link;
    const connection = new Connection(conn, end, (input) => this.#forward(link, gateway, input));
    const held = {
      link,
      gateway,
      connection,
      expected: NOBODY,
      told: 0,
      answered: 0,
      mustEnd: false,
      ended: false,
    };
    gateway.held.set(conn, held);
    this.#holders.set(link, held);
    link.end.on('close', (error) => this.#closed(held, error));
  }

  says(link: SimulatedLink, message: Message): void {
    const held = this.#holders.get(link);
    if (held === undefined) {
      return;
    }
    const expected = held.expected[held.told];
    if (expected !== undefined && fulfils(message, expected)) {
      held.told += 1;
      if (message.type === 'response') {
        held.answered = message.id;
      }
      return;
    }
    const [next] = link.meant;
    const due = expected === undefined ? 'nothing' : show(expected);
    demand(
      next?.twin === true &&
        message.type === 'response' &&
        message.id === next.id &&
        message.error?.code === 400,
      () => `link ${link.conn}: it ${describe(message)}, but ${due} was due`,
    );
    link.meant.shift();
  }

  ends(link: SimulatedLink, error: LinkError | undefined): void {
    const held = this.#holders.get(link);
    if (held === undefined) {
      return;
    }
    held.ended = true;
    if (error !== undefined) {
      demand(link.broken, () => `link ${link.conn} is ended for ${error.code}`);
    } else {
      demand(held.mustEnd || link.end.ended, () => `link ${link.conn} is closed for nothing`);
    }
  }

  #forward(link: SimulatedLink, gateway: Gateway, input: HubInput): void {
    const meant = link.meant.shift();
    const { conn } = link;
    // A twin that was read only after the first of the two was answered is none any more.
    const late = this.#holders.get(link)?.answered === meant?.id;
    demand(
      meant !== undefined &&
        (!meant.twin || late) &&
        'id' in input &&
        input.id === meant.id &&
        input.conn === conn,
      () => `link ${conn}: ${show(input)} is forwarded where ${show(meant)} was meant`,
    );
    const { id, ask } = meant;
    gateway.arrivals.push({ input, item: { type: 'ask', conn, id, ask } });
  }

  #closed({ link, gateway }: Held, error: string | undefined): void {
    const { conn } = link;
    gateway.held.delete(conn);
    this.#holders.delete(link);
    gateway.arrivals.push({
      input: { type: 'closed', conn, reason: error ?? 'closed' },
      item: { type: 'closed', conn },
    });
  }

  #deliver(index: number, packed: PackedOutputs, { told, ends }: Spoken): void {
    const { held, online } = this.#gateways[index] as Gateway;
    for (const [conn, expected] of told) {
      const holder = held.get(conn);
      if (holder !== undefined) {
        Object.assign(holder, { expected, told: 0 });
      }
    }
    for (const conn of ends) {
      const holder = held.get(conn);
      if (holder !== undefined) {
        holder.mustEnd = true;
      }
    }
    for (const output of unpackOutputs(packed)) {
      if (output.type === 'arrived') {
        online.arrived(output.entry);
      } else if (output.type === 'departed') {
        online.departed(output.name);
      } else {
        held.get(output.conn)?.connection.deliver(output, online);
      }
    }
    for (const conn of told.keys()) {
      const holder = held.get(conn);
      if (holder === undefined) {
        continue;
      }
      const missing = holder.expected[holder.told];
      demand(missing === undefined, () => `link ${conn}: ${show(missing)} was never said`);
      Object.assign(holder, { expected: NOBODY, told: 0 });
    }
  }
}
