import type { Ask } from './asks.ts';
import type { Expected } from './expected.ts';
import type { Circumstances, Item, Operated, Spoken } from './items.ts';
import { ModelBooks, type ModelOperation, type ModelTransfer, mirrored } from './model-books.ts';
import { FROZEN, type ModelSession, NO_ROOM, OK, type Outcome } from './model-outcomes.ts';
import { sameBytes } from './same.ts';

/**
 * The rules of the wire contract, section 6, once more and as plainly as they can be said: one request after
 * another, no batches, no threads, no disk. What it says to a batch is what the hub has to say.
 */
export class Model {
  books = new ModelBooks();
  /** Minor units that a new account is given. */
  grant = 0;
  readonly #currency: object;
  #sessions = new Map<number, ModelSession>();
  /** Which session each name is online on. */
  #online = new Map<string, ModelSession>();
  #spoken: Spoken[] = [];
  #operated: Operated[] = [];
  /**
   * How often it is still news that one asks the other, and since when. A batch that fails has used it up all
   * the same.
   */
  #news = new Map<string, { left: number; at: number }>();
  #now = 0;
  #mayGrow = true;

  constructor(currency: object, gateways: number) {
    this.#currency = currency;
    this.#spoken = silence(gateways);
  }

  /** Names online, sorted. */
  get online(): string[] {
    return [...this.#online.keys()].sort();
  }

  /** What came of the last batch's operations, in order. */
  get operated(): readonly Operated[] {
    return this.#operated;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Another of the same state; only what is news they have in common. */
  clone(): Model {
    const copy = new Model(this.#currency, this.#spoken.length);
    copy.books = this.books.clone();
    copy.grant = this.grant;
    copy.#news = this.#news;
    for (const session of this.#sessions.values()) {
      copy.#sessions.set(session.conn, { ...session });
    }
    for (const [name, { conn }] of this.#online) {
      copy.#online.set(name, copy.#session(conn));
    }
    return copy;
  }

  /** A server that has started again: nobody is connected. */
  restart(gateways: number): void {
    this.#news = new Map();
    this.#sessions = new Map();
    this.#online = new Map();
    this.#spoken = silence(gateways);
  }

  /** A batch that is committed. For each gateway what its clients hear. */
  run(batch: readonly Item[], { now, unread, tooMany, mayGrow }: Circumstances): Spoken[] {
    this.#begin(now, mayGrow);
    const histories: (() => void)[] = [];
    for (const item of batch) {
      if (item.type === 'operate') {
        this.#operate(item.ticket, item.operation);
      } else if (item.type !== 'ask') {
        this.#comeOrGo(item, true);
      } else {
        const session = this.#session(item.conn);
        const outcome = this.#outcome(session, item.ask, () => tooMany(item.conn, item.id));
        if (outcome !== 'history') {
          this.#tell(session, { id: item.id, ...outcome });
        } else {
          histories.push(this.#later(session, item, unread.has(histories.length)));
        }
      }
    }
    for (const read of histories) {
      read();
    }
    return this.#end(batch);
  }

  /** A batch whose commit failed: links come and go, everything else is refused. */
  refuse(batch: readonly Item[], now: number, booksCanBeRead: boolean): Spoken[] {
    this.#begin(now, true);
    for (const item of batch) {
      if (item.type === 'operate') {
        this.#note(item.ticket, 'failed', undefined, undefined);
      } else if (item.type !== 'ask') {
        this.#comeOrGo(item, booksCanBeRead);
      } else {
        this.#tell(this.#session(item.conn), { id: item.id, error: 'INTERNAL' });
      }
    }
    return this.#end(batch);
  }

  #begin(now: number, mayGrow: boolean): void {
    this.#now = now;
    this.#mayGrow = mayGrow;
    this.#operated = [];
    this.#spoken = silence(this.#spoken.length);
  }

  #end(batch: readonly Item[]): Spoken[] {
    for (const item of batch) {
      if (item.type === 'closed') {
        this.#sessions.delete(item.conn);
      }
      if (item.type === 'renewed') {
        for (const { conn } of this.#lost(item)) {
          this.#sessions.delete(conn);
        }
      }
    }
    return this.#spoken;
  }

  #comeOrGo(item: Exclude<Item, { type: 'ask' | 'operate' }>, friendsAreKnown: boolean): void {
    if (item.type === 'opened') {
      const { conn, gateway, key, host } = item;
      this.#sessions.set(conn, { conn, gateway, key, host, account: undefined, port: 0, over: false });
    } else if (item.type === 'closed') {
      this.#depart(this.#session(item.conn), friendsAreKnown);
    } else {
      for (const session of this.#lost(item)) {
        this.#depart(session, friendsAreKnown);
      }
    }
  }

  #lost({ gateway, lastConn }: Extract<Item, { type: 'renewed' }>): ModelSession[] {
    return [...this.#sessions.values()].filter(
      (session) => session.gateway === gateway && session.conn <= lastConn,
    );
  }

  /** The operator does something, and whose account it is hears of it. */
  #operate(ticket: number, operation: ModelOperation): void {
    const { kind, name } = operation;
    const { status, transfer } = this.books.operate(operation, this.#now);
    this.#note(ticket, status, name, transfer);
    const owner = this.#online.get(name);
    if (status !== 'ok' || owner === undefined) {
      return;
    }
    if (kind === 'issue') {
      this.#tell(owner, { tells: 'paid', params: { transfer } });
    } else {
      this.#tell(owner, { tells: 'notice', params: {} });
    }
    if (kind !== 'rekey') {
      return;
    }
    this.#tell(owner, { tells: 'kicked', params: {} });
    this.#depart(owner, true);
    this.#side(owner).ends.add(owner.conn);
  }

  #note(ticket: number, status: string, name: string | undefined, transfer: ModelTransfer | undefined): void {
    const done = status === 'ok' || status === 'exists';
    const account = done && name !== undefined ? this.books.account(name) : { balance: 0, frozen: false };
    const { balance, frozen } = account;
    const online = done && name !== undefined && this.#online.has(name);
    this.#operated.push({ ticket, status, transfer: transfer?.seq ?? null, balance, frozen, online });
  }

  /** The first that fails answers: too many, state, form, and what the method itself asks for. */
  #outcome(session: ModelSession, ask: Ask, tooMany: () => boolean): Outcome | 'history' {
    if (ask.method === 'nonsense') {
      return { error: 'BAD_REQUEST' };
    }
    const method = ask.method === 'malformed' ? ask.of : ask.method;
    if (session.over) {
      return { error: 'AUTH_FAIL' };
    }
    const outside = method === 'register' || method === 'login';
    if (outside && session.account !== undefined) {
      return { error: 'WRONG_STATE' };
    }
    if (!outside && session.account === undefined) {
      return { error: 'AUTH_FAIL' };
    }
    if (ask.method === 'malformed') {
      return { error: 'BAD_REQUEST' };
    }
    return this.#carryOut(session, session.account ?? '', ask, tooMany);
  }

  #carryOut(
    session: ModelSession,
    account: string,
    ask: Exclude<Ask, { method: 'malformed' | 'nonsense' }>,
    tooMany: () => boolean,
  ): Outcome | 'history' {
    switch (ask.method) {
      case 'register':
        return tooMany() ? { error: 'TOO_MANY' } : this.#register(session, ask.name);
      case 'login':
        return this.#login(session, ask.name, ask.port, tooMany);
      case 'list':
        return { result: this.#view(account) };
      case 'pay':
        return tooMany() ? { error: 'TOO_MANY' } : this.#pay(account, ask);
      case 'lookup':
        return this.#lookup(ask.name);
      case 'history':
        return 'history';
      case 'friends':
        return { result: { friends: this.#friends(account) } };
      case 'befriend':
        return this.#befriend(account, ask.name);
      case 'unfriend':
        return this.#unfriend(account, ask.name);
      case 'exit':
        this.#depart(session, true);
        this.#side(session).ends.add(session.conn);
        return { result: { text: 'Bye!' } };
    }
  }

  #register(session: ModelSession, name: string): Outcome {
    if (!this.#mayGrow) {
      return NO_ROOM;
    }
    if (this.books.accounts.has(name)) {
      return { error: 'NAME_TAKEN' };
    }
    const done = this.books.register(name, session.key, this.grant, this.#now);
    return done ? { result: OK } : { error: 'INTERNAL' };
  }

  #login(session: ModelSession, name: string, port: number, tooMany: () => boolean): Outcome {
    const account = this.books.accounts.get(name);
    if (account === undefined || !sameBytes(account.key, session.key)) {
      if (!tooMany()) {
        return { error: 'AUTH_FAIL' };
      }
      this.#depart(session, true);
      this.#side(session).ends.add(session.conn);
      return { error: 'TOO_MANY' };
    }
    const elsewhere = this.#online.get(name);
    if (elsewhere !== undefined) {
      this.#tell(elsewhere, { tells: 'kicked', params: {} });
      this.#side(elsewhere).ends.add(elsewhere.conn);
      elsewhere.account = undefined;
      elsewhere.over = true;
    }
    session.account = name;
    session.port = port;
    this.#online.set(name, session);
    if (elsewhere === undefined) {
      this.#tellFriends(name, true);
    }
    return { result: this.#view(name) };
  }

  #pay(payer: string, { to, amount, order, memo }: Extract<Ask, { method: 'pay' }>): Outcome {
    const first = this.books.order(payer, order);
    if (!this.#mayGrow && first === undefined) {
      return NO_ROOM;
    }
    if (amount <= 0) {
      return { error: 'BAD_AMOUNT' };
    }
    if (first !== undefined) {
      const again = first.to === to && first.amount === amount && first.memo === memo;
      return again ? { result: this.#receipt(first) } : { error: 'ID_REUSED' };
    }
    if (this.books.account(payer).frozen) {
      return FROZEN;
    }
    if (!this.books.accounts.has(to)) {
      return { error: 'PAYEE_UNKNOWN' };
    }
    if (to === payer) {
      return { error: 'PAYEE_SELF' };
    }
    if (this.books.account(to).frozen) {
      return { error: 'PAYEE_OFFLINE' };
    }
    const payee = this.#online.get(to);
    if (payee === undefined) {
      return { error: 'PAYEE_OFFLINE' };
    }
    if (this.books.account(payer).balance < amount) {
      return { error: 'INSUFFICIENT_FUNDS' };
    }
    const transfer = this.books.pay(payer, order, to, amount, memo, this.#now);
    this.#tell(payee, { tells: 'paid', params: { transfer } });
    return { result: this.#receipt(transfer) };
  }

  #receipt(transfer: ModelTransfer): object {
    const payee = this.#online.has(transfer.to) ? this.#entry(transfer.to) : null;
    return { ...OK, transfer, balance: this.books.account(transfer.from).balance, payee };
  }

  #lookup(name: string): Outcome {
    const account = this.books.accounts.get(name);
    if (account === undefined) {
      return { error: 'PAYEE_UNKNOWN' };
    }
    if (!this.#online.has(name)) {
      return { result: { name, key: account.key, online: false } };
    }
    return { result: { ...this.#entry(name), online: true } };
  }

  #befriend(account: string, name: string): Outcome {
    if (!this.books.accounts.has(name)) {
      return { error: 'PAYEE_UNKNOWN' };
    }
    if (name === account) {
      return { error: 'BAD_REQUEST' };
    }
    const before = this.books.account(account).friends.get(name);
    const state = before === undefined ? 'asked' : before === 'asking' ? 'friend' : before;
    if (state !== before) {
      this.books.relate(account, name, state);
      const other = this.#online.get(name);
      if (other !== undefined && (state === 'friend' || this.#isNews(`${account} ${name}`))) {
        this.#tell(other, { tells: 'friend', params: { name: account, state: mirrored(state) } });
      }
    }
    return { result: { state } };
  }

  /**
   * Who asks the same person again and again is announced three times at once, and once in 30 s from then on.
   */
  #isNews(pair: string): boolean {
    const { left, at } = this.#news.get(pair) ?? { left: 3, at: this.#now };
    const now = Math.min(3, left + Math.max(0, this.#now - at) * (1 / 30 / 1_000));
    this.#news.set(pair, { left: now < 1 ? now : now - 1, at: this.#now });
    return now >= 1;
  }

  #unfriend(account: string, name: string): Outcome {
    if (!this.books.accounts.has(name)) {
      return { error: 'PAYEE_UNKNOWN' };
    }
    if (name === account) {
      return { error: 'BAD_REQUEST' };
    }
    this.books.relate(account, name, undefined);
    return { result: {} };
  }

  /** Keeps the answer's place; what stands there is read when the whole batch is done. */
  #later(session: ModelSession, item: Extract<Item, { type: 'ask' }>, unread: boolean): () => void {
    const { id, ask } = item;
    if (ask.method !== 'history') {
      throw new RangeError('only a history comes later');
    }
    const { account } = session;
    const heard = this.#told(session);
    const place = heard.push({ id, error: 'INTERNAL' }) - 1;
    return () => {
      if (unread || account === undefined) {
        return;
      }
      const transfers = this.books.history(account, ask.before ?? Number.POSITIVE_INFINITY, ask.limit ?? 100);
      heard[place] = { id, result: { transfers } };
    };
  }

  #friends(name: string): object[] {
    const friends = [...this.books.account(name).friends];
    return friends
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([friend, state]) => ({ name: friend, online: this.#online.has(friend), state }));
  }

  #view(name: string): object {
    const online = this.online.map((other) => this.#entry(other));
    return { ...OK, name, balance: this.books.account(name).balance, currency: this.#currency, online };
  }

  #entry(name: string): object {
    const session = this.#online.get(name);
    if (session === undefined) {
      throw new RangeError(`${name} is not online in the model`);
    }
    const { host, port, key } = session;
    return port === 0 ? { name, host: null, port: null, key } : { name, host, port, key };
  }

  /** The link may do nothing more, and who was logged in on it is offline. */
  #depart(session: ModelSession, friendsAreKnown: boolean): void {
    const name = session.account;
    session.account = undefined;
    session.over = true;
    if (name === undefined) {
      return;
    }
    this.#online.delete(name);
    if (friendsAreKnown) {
      this.#tellFriends(name, false);
    }
  }

  #tellFriends(name: string, online: boolean): void {
    for (const [friend, state] of this.books.account(name).friends) {
      const session = this.#online.get(friend);
      if (state === 'friend' && session !== undefined) {
        this.#tell(session, { tells: 'presence', params: { name, online } });
      }
    }
  }

  #tell(session: ModelSession, what: Expected): void {
    this.#told(session).push(what);
  }

  #told(session: ModelSession): Expected[] {
    const { told } = this.#side(session);
    const heard = told.get(session.conn) ?? [];
    told.set(session.conn, heard);
    return heard;
  }

  #side({ gateway }: ModelSession): Spoken {
    const side = this.#spoken[gateway];
    if (side === undefined) {
      throw new RangeError(`the model has no gateway ${gateway}`);
    }
    return side;
  }

  #session(conn: number): ModelSession {
    const session = this.#sessions.get(conn);
    if (session === undefined) {
      throw new RangeError(`the model has no link ${conn}`);
    }
    return session;
  }
}

function silence(gateways: number): Spoken[] {
  return Array.from({ length: gateways }, () => ({ told: new Map(), ends: new Set() }));
}
