import type { OnlineEntry } from '../protocol/index.ts';
import { MAX_HOST_BYTES } from './limits.ts';
import type { Turn } from './turn.ts';

/** What the hub knows of one link. */
export interface Session {
  readonly conn: number;
  /** The gateway that holds the link. */
  readonly gateway: number;
  /** 32 bytes: the static key of the link, which is who the client is. */
  readonly key: Uint8Array;
  readonly host: string;
  /** The network that `host` belongs to. */
  readonly network: string;
  /** The name that is logged in, if any. */
  account: string | undefined;
  /** The port of the client's peer listener, given at login; 0 where it takes no peer links. */
  port: number;
  /** After exit or `kicked`: everything is refused until the link is gone. */
  over: boolean;
}

/**
 * Which account is online on which link. Changes stand only when settled: a batch whose commit fails leaves people as
 * they were before it.
 */
export class Presence {
  readonly #online = new Map<string, Session>();
  readonly #undo: (() => void)[] = [];

  /** The link on which the account is online. */
  find(name: string): Session | undefined {
    return this.#online.get(name);
  }

  names(): string[] {
    return [...this.#online.keys()];
  }

  /** Accounts online. */
  get size(): number {
    return this.#online.size;
  }

  /** Every name that is online, and its link. */
  get all(): Iterable<[name: string, session: Session]> {
    return this.#online;
  }

  /** Puts the account online on this link. */
  enter(session: Session, name: string, port: number): void {
    this.#remember(session);
    const before = this.#online.get(name);
    this.#undo.push(() => this.#restore(name, before));
    session.account = name;
    session.port = port;
    this.#online.set(name, session);
  }

  /** Ends what the link may do; if an account is online on it, that account is offline. */
  leave(session: Session): void {
    this.#remember(session);
    const { account } = session;
    session.account = undefined;
    session.over = true;
    if (account === undefined) return;
    this.#undo.push(() => this.#restore(account, session));
    this.#online.delete(account);
  }

  /** What has changed stands. */
  settle(): void {
    this.#undo.length = 0;
  }

  /** Everything is as it was when last settled. */
  rollback(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) undo();
  }

  #remember(session: Session): void {
    const { account, port, over } = session;
    this.#undo.push(() => Object.assign(session, { account, port, over }));
  }

  #restore(name: string, session: Session | undefined): void {
    if (session === undefined) this.#online.delete(name);
    else this.#online.set(name, session);
  }
}

/** What others may know of an account that is online: an address only where it takes peer links. */
export function onlineEntry(name: string, session: Session): OnlineEntry {
  const reachable = session.port !== 0 && session.host.length <= MAX_HOST_BYTES;
  return {
    name,
    host: reachable ? session.host : null,
    port: reachable ? session.port : null,
    key: session.key,
  };
}

/** Logs the account in on this link. Another link on which it is online is told so and ends; its friends see no change then. */
export function arrive(turn: Turn, session: Session, name: string, port: number): void {
  const replaced = turn.presence.find(name);
  if (replaced !== undefined) {
    turn.push(replaced, 'kicked', { text: 'You have logged in elsewhere.' });
    turn.log(() => ({ event: 'logout', conn: replaced.conn, name }));
    turn.presence.leave(replaced);
    turn.close(replaced);
  }
  turn.presence.enter(session, name, port);
  turn.broadcast({ type: 'arrived', entry: onlineEntry(name, session) });
  turn.log(() => ({ event: 'login', conn: session.conn, name }));
  if (replaced === undefined) tellFriends(turn, name, true);
}

/** Logs out whoever is logged in on this link, and lets nobody log in on it any more. */
export function depart(turn: Turn, session: Session): void {
  const name = session.account;
  turn.presence.leave(session);
  if (name === undefined) return;
  turn.broadcast({ type: 'departed', name });
  turn.log(() => ({ event: 'logout', conn: session.conn, name }));
  tellFriends(turn, name, false);
}

function tellFriends(turn: Turn, name: string, online: boolean): void {
  for (const friend of turn.friends(name)) {
    if (friend.state !== 'friend') continue;
    const session = turn.presence.find(friend.name);
    if (session !== undefined) turn.push(session, 'presence', { name, online });
  }
}
