import { encodeNotification, encodeRequest, type Message } from '../../src/protocol/index.ts';
import { type Ask, MALFORMABLE, type Written, write } from './asks.ts';
import type { Dice } from './dice.ts';
import type { Doings, Habit, Habits } from './habits.ts';
import type { ClientSide, Meant, Network, ServerSide } from './network.ts';
import { SimulatedLink } from './network.ts';
import type { GivenOrder, Person, Promises } from './person.ts';
import { demand, show } from './same.ts';

interface Pending {
  readonly ask: Ask;
  readonly order: GivenOrder | undefined;
  /** Answers that are still to come under this id. */
  answers: number;
}

/** Memos; the last is as long as one may be. */
const MEMOS = ['', '', '', 'rent', 'zoë 🪙', 'x'.repeat(256)] as const;

const BREACHES: readonly Uint8Array[] = [
  Uint8Array.of(0xc1),
  Uint8Array.of(0x94, 0x01, 0x05, 0xc0, 0x80),
  Uint8Array.of(0x93, 0x00, 0x01),
];

/** One device of a person: dials, asks, and remembers what it was answered. */
export class Client implements ClientSide {
  readonly person: Person;
  readonly #host: string;
  readonly #habits: Habits;
  readonly #dice: Dice;
  readonly #promises: Promises;
  readonly #doings: Doings;
  readonly #pending = new Map<number, Pending>();
  #link: SimulatedLink | undefined;
  /** Who this link is logged in as, or will be when what is under way succeeds. */
  #name: string | undefined;
  /** What the answers say. */
  #account: string | undefined;
  #balance = 0;
  #online: readonly string[] = [];
  #kicked = false;
  /** It has sent CLOSE, or what no server takes. */
  #isLeaving = false;
  #lastId = 0;

  constructor(person: Person, host: string, habits: Habits, dice: Dice, promises: Promises, doings: Doings) {
    this.person = person;
    this.#host = host;
    this.#habits = habits;
    this.#dice = dice;
    this.#promises = promises;
    this.#doings = doings;
  }

  get link(): SimulatedLink | undefined {
    return this.#link;
  }

  /** Does something. Returns what, or undefined when it waits for answers. */
  act(network: Network, server: ServerSide): string | undefined {
    if (this.#link === undefined) {
      return this.#dial(network, server);
    }
    if (this.#isLeaving) {
      return undefined;
    }
    const room = this.#habits.window - this.#pending.size;
    if (room <= 0) {
      return undefined;
    }
    return this.#say(this.#link, this.#dice.between(1, Math.min(room, this.#habits.burst)));
  }

  /**
   * Asks about every order that is still open, under its own id. False: it waits for something else first.
   */
  settle(network: Network, server: ServerSide): boolean {
    if (this.#link === undefined) {
      this.#dial(network, server);
    }
    if (this.#pending.size > 0 || this.#link === undefined || this.#isLeaving) {
      return false;
    }
    const open = this.person.orders.find((order) => order.open);
    if (open === undefined) {
      return true;
    }
    const asks: Ask[] = [];
    if (this.#account === undefined) {
      asks.push({ method: 'login', name: this.person.names[0] ?? '', port: 0 });
    }
    asks.push(this.#payAgain(open));
    this.#write(this.#link, asks);
    open.open = false;
    return false;
  }

  /** It is switched off, or its link is cut. */
  lose(how: 'die' | 'cut'): void {
    if (this.#link === undefined) {
      return;
    }
    if (how === 'cut') {
      this.#link.cut(this.#dice);
    } else {
      this.#link.clientDies(this.#dice);
      this.over();
    }
  }

  hears(message: Message): void {
    demand(message.type !== 'request', () => `a client is asked ${show(message)}`);
    if (message.type === 'notification') {
      this.#notified(message.method, message.params);
    } else {
      this.#answered(message);
    }
  }

  over(): void {
    for (const { order } of this.#pending.values()) {
      this.#doings.unknown += 1;
      if (order !== undefined) {
        order.open = true;
      }
    }
    this.#pending.clear();
    this.#link = undefined;
    this.#name = undefined;
    this.#account = undefined;
    this.#kicked = false;
    this.#isLeaving = false;
  }

  #dial(network: Network, server: ServerSide): string {
    this.#link = new SimulatedLink(network, server, this, this.person.key, this.#host);
    this.#doings.links += 1;
    return 'dials';
  }

  #say(link: SimulatedLink, count: number): string {
    const asks: Ask[] = [];
    for (let left = count; left > 0; left--) {
      const habit = this.#name === undefined ? 'enter' : this.#habits.urn.draw(this.#dice);
      if (habit === 'leave' || habit === 'break') {
        this.#write(link, asks);
        return this.#part(link, habit);
      }
      asks.push(habit === 'enter' ? this.#enter() : this.#ask(habit));
    }
    return this.#write(link, asks);
  }

  #part(link: SimulatedLink, how: 'leave' | 'break'): string {
    this.#isLeaving = true;
    if (how === 'leave') {
      link.close();
      return 'sends CLOSE';
    }
    link.broken = true;
    link.send(this.#dice.pick(BREACHES), []);
    return 'breaks the protocol';
  }

  /** Logs in, as a rule, having registered; and now and then what makes no sense before. */
  #enter(): Ask {
    const dice = this.#dice;
    const { names, registered } = this.person;
    const chance = dice.below(100);
    if (chance < 8) {
      return this.#ask(this.#habits.urn.draw(dice));
    }
    if (chance < 11) {
      return { method: 'register', name: dice.pick(this.#habits.names) };
    }
    if (chance < 14) {
      return { method: 'login', name: dice.pick(this.#habits.names), port: 0 };
    }
    const own = dice.thousandth(700) ? (names[0] as string) : dice.pick(names);
    if (!registered.has(own)) {
      registered.add(own);
      return { method: 'register', name: own };
    }
    this.#name = own;
    return { method: 'login', name: own, port: dice.thousandth(500) ? 0 : dice.between(1, 65_535) };
  }

  #ask(habit: Habit): Ask {
    const dice = this.#dice;
    switch (habit) {
      case 'pay':
        return this.#pay();
      case 'retry':
        return this.#retry();
      case 'lookup':
      case 'befriend':
      case 'unfriend':
        return { method: habit, name: this.#somebody() };
      case 'history':
        return {
          method: 'history',
          before: dice.thousandth(500) ? undefined : dice.between(1, 300),
          limit: dice.thousandth(300) ? undefined : dice.between(1, dice.thousandth(200) ? 100 : 4),
        };
      case 'again':
        return dice.thousandth(500)
          ? { method: 'register', name: this.#somebody() }
          : { method: 'login', name: dice.pick(this.person.names), port: 0 };
      case 'malformed':
        return { method: 'malformed', of: dice.pick(MALFORMABLE) };
      case 'nonsense':
        return { method: 'nonsense' };
      case 'exit':
        this.#name = undefined;
        return { method: 'exit' };
      case 'friends':
        return { method: 'friends' };
      default:
        return { method: 'list' };
    }
  }

  #pay(): Ask {
    const dice = this.#dice;
    const online = this.#online.length > 0 && dice.thousandth(800);
    const to = online ? dice.pick(this.#online) : this.#somebody();
    const order = dice.below(this.#habits.orders);
    return this.#order({ to, amount: this.#amount(), order, memo: dice.pick(MEMOS), open: true });
  }

  /** Some order that was given before: often the last, whose answer may still be on its way. */
  #retry(): Ask {
    const { orders } = this.person;
    const last = orders.at(-1);
    if (last === undefined) {
      return this.#pay();
    }
    return this.#payAgain(this.#dice.thousandth(600) ? last : this.#dice.pick(orders));
  }

  /** The same order again; or, now and then, another under its id. */
  #payAgain(given: GivenOrder): Ask {
    this.#doings.retries += 1;
    if (this.#dice.thousandth(900) || given.open) {
      return this.#order(given);
    }
    const other: Partial<GivenOrder> = this.#dice.pick([
      { amount: Math.min(given.amount + 1, Number.MAX_SAFE_INTEGER - 1) },
      { to: this.#somebody() },
      { memo: `${given.memo.slice(0, 9)}!` },
      { amount: 0 },
    ]);
    return this.#order({ ...given, ...other, open: true });
  }

  #order(order: GivenOrder): Ask {
    if (!this.person.orders.includes(order)) {
      this.person.orders.push(order);
    }
    if (this.person.orders.length > 64) {
      this.person.orders.shift();
    }
    const { to, amount, memo } = order;
    return { method: 'pay', to, amount, order: order.order, memo };
  }

  #amount(): number {
    const dice = this.#dice;
    const chance = dice.below(100);
    if (chance < 60) {
      return dice.between(1, Math.max(1, Math.floor(this.#habits.grant / 20)));
    }
    if (chance < 70) {
      return 1;
    }
    if (chance < 90) {
      return Math.max(0, this.#balance + dice.between(-1, 1));
    }
    return dice.pick([0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, this.#habits.grant]);
  }

  #somebody(): string {
    return this.#dice.thousandth(30) ? 'nobody' : this.#dice.pick(this.#habits.names);
  }

  #write(link: SimulatedLink, asks: readonly Ask[]): string {
    if (asks.length === 0) {
      return 'says nothing';
    }
    const meant: Meant[] = [];
    const messages: Uint8Array[] = [];
    for (const ask of asks) {
      this.#lastId += 1;
      const id = this.#lastId;
      const written = write(ask, this.#dice);
      messages.push(encode(id, written));
      meant.push({ id, ask, twin: false });
      this.#pending.set(id, { ask, order: this.#orderOf(ask), answers: 1 });
      this.#doings.requests += 1;
      if (this.#dice.thousandth(10)) {
        this.#stumble(id, written, messages, meant);
      }
    }
    link.send(new Uint8Array(Buffer.concat(messages)), meant);
    return `asks ${meant.map(({ id, ask, twin }) => `${id}${twin ? ' again' : ''} ${show(ask)}`).join(', ')}`;
  }

  /** A request under an id that is open; or a notification that no server knows. */
  #stumble(id: number, written: Written, messages: Uint8Array[], meant: Meant[]): void {
    const pending = this.#pending.get(id);
    // With too much open, the server reads the twin only when the first may have been answered.
    if (this.#habits.window > 12 || pending === undefined) {
      messages.push(encodeNotification('later', { name: 1 }));
      return;
    }
    messages.push(encode(id, written));
    meant.push({ id, ask: written.ask, twin: true });
    pending.answers = 2;
  }

  #orderOf(ask: Ask): GivenOrder | undefined {
    if (ask.method !== 'pay') {
      return undefined;
    }
    return this.person.orders.find(
      ({ order, to, amount, memo }) =>
        order === ask.order && to === ask.to && amount === ask.amount && memo === ask.memo,
    );
  }

  #answered(message: Extract<Message, { type: 'response' }>): void {
    const { id, error, result } = message;
    const pending = this.#pending.get(id);
    demand(pending !== undefined, () => `an answer to ${id}, which nobody has asked`);
    pending.answers -= 1;
    if (pending.answers > 0) {
      return;
    }
    this.#pending.delete(id);
    const { ask, order } = pending;
    if (error !== null) {
      this.#doings.refusals += 1;
      if (ask.method === 'login' && this.#account === undefined) {
        this.#name = undefined;
      }
      if (ask.method === 'login' && error.code === 220) {
        this.person.registered.delete(ask.name);
      }
      // What failed inside the server may have happened all the same.
      if (order !== undefined && error.code !== 500) {
        order.open = false;
      }
      return;
    }
    if (ask.method === 'login' || ask.method === 'list') {
      this.#viewed(result);
    }
    if (ask.method === 'pay') {
      this.#paid(ask, order, result);
    }
    if (ask.method === 'exit') {
      this.#account = undefined;
    }
  }

  #viewed(view: Readonly<Record<string, unknown>>): void {
    const { name, balance, online } = view as { name: string; balance: number; online: { name: string }[] };
    demand(balance >= 0, () => `${name} has ${balance}`);
    demand(
      online.some((entry) => entry.name === name),
      () => `${name} is not online to itself`,
    );
    this.#account = name;
    this.#name = name;
    this.#balance = balance;
    this.#online = online.map((entry) => entry.name);
  }

  #paid(
    ask: Extract<Ask, { method: 'pay' }>,
    order: GivenOrder | undefined,
    result: Readonly<Record<string, unknown>>,
  ): void {
    const { transfer, balance } = result as {
      transfer: { from: string; to: string; amount: number; memo: string };
      balance: number;
    };
    const { from, to, amount, memo } = transfer;
    demand(
      from === this.#account && to === ask.to && amount === ask.amount && memo === ask.memo && balance >= 0,
      () => `${show(ask)} of ${this.#account} is answered with ${show(result)}`,
    );
    this.#doings.payments += 1;
    this.#balance = balance;
    if (order !== undefined) {
      order.open = false;
    }
    this.#promises.answered(transfer);
  }

  #notified(method: string, params: Readonly<Record<string, unknown>>): void {
    this.#doings.notifications += 1;
    demand(this.#account !== undefined && !this.#kicked, () => `nobody is told ${method} ${show(params)}`);
    if (method === 'paid') {
      this.#promises.notified(params['transfer'] as object, this.#account);
    }
    if (method === 'kicked') {
      this.#kicked = true;
    }
  }
}

function encode(id: number, { method, params }: Written): Uint8Array {
  return encodeRequest(id, method, params);
}
