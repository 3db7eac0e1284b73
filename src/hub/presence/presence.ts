import { type Friend, type Ledger, StoreError } from '../../ledger/index.ts';
import type { Effect } from '../effects.ts';
import { onlineEntry } from '../views.ts';
import type { Client } from './client.ts';

/**
 * Which account is online on which link. Changes stand only when settled: a batch whose commit fails leaves
 * people as they were before it.
 */
export class Presence {
  readonly #online = new Map<string, Client>();
  readonly #undo: (() => void)[] = [];

  /** The client as which the account is online. */
  find(name: string): Client | undefined {
    return this.#online.get(name);
  }

  names(): string[] {
    return [...this.#online.keys()];
  }

  /** Accounts online. */
  get size(): number {
    return this.#online.size;
  }

  /** Every name that is online, and its client. */
  get all(): Iterable<[name: string, client: Client]> {
    return this.#online;
  }

  /** Puts the account online on this client's link. */
  enter(client: Client, name: string, port: number): void {
    this.#remember(client);
    const before = this.#online.get(name);
    this.#undo.push(() => this.#restore(name, before));
    client.account = name;
    client.port = port;
    this.#online.set(name, client);
  }

  /** Ends what the client may do; if an account is online on its link, that account is offline. */
  leave(client: Client): void {
    this.#remember(client);
    const { account } = client;
    client.account = undefined;
    client.over = true;
    if (account === undefined) {
      return;
    }
    this.#undo.push(() => this.#restore(account, client));
    this.#online.delete(account);
  }

  /** What has changed stands. */
  settle(): void {
    this.#undo.length = 0;
  }

  /** Everything is as it was when last settled. */
  rollback(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      undo();
    }
  }

  #remember(client: Client): void {
    const { account, port, over } = client;
    this.#undo.push(() => Object.assign(client, { account, port, over }));
  }

  #restore(name: string, client: Client | undefined): void {
    if (client === undefined) {
      this.#online.delete(name);
    } else {
      this.#online.set(name, client);
    }
  }
}

/** What coming and going needs: whose friends are to be told, who is online, and where it is noted. */
export interface PresenceContext {
  readonly ledger: Ledger;
  readonly presence: Presence;
  readonly effects: Effect[];
}

/**
 * Logs the account in on this link. Another link on which it is online is told so and ends; its friends see
 * no change then.
 */
export function arrive(context: PresenceContext, client: Client, name: string, port: number): void {
  const { presence, effects } = context;
  const replaced = presence.find(name);
  if (replaced !== undefined) {
    effects.push(
      {
        type: 'notification',
        client: replaced,
        account: name,
        method: 'kicked',
        params: { text: 'You have logged in elsewhere.' },
      },
      { type: 'event', event: { event: 'logout', conn: replaced.conn, name } },
      { type: 'close', client: replaced },
    );
    presence.leave(replaced);
  }
  presence.enter(client, name, port);
  effects.push(
    { type: 'arrived', entry: onlineEntry(name, client) },
    { type: 'event', event: { event: 'login', conn: client.conn, name } },
  );
  if (replaced === undefined) {
    tellFriends(context, name, true);
  }
}

/** Logs out whoever is logged in on this link, and lets nobody log in on it any more. */
export function depart(context: PresenceContext, client: Client): void {
  const { presence, effects } = context;
  const { account: name, conn } = client;
  presence.leave(client);
  if (name === undefined) {
    return;
  }
  effects.push({ type: 'departed', name }, { type: 'event', event: { event: 'logout', conn, name } });
  tellFriends(context, name, false);
}

function tellFriends({ ledger, presence, effects }: PresenceContext, name: string, online: boolean): void {
  for (const friend of friendsOf(ledger, name)) {
    const client = friend.state === 'friend' ? presence.find(friend.name) : undefined;
    if (client !== undefined) {
      const account = friend.name;
      effects.push({ type: 'notification', client, account, method: 'presence', params: { name, online } });
    }
  }
}

/**
 * The account's friends and requests; nobody while the books cannot be read after a failure of their store.
 */
function friendsOf(ledger: Ledger, name: string): readonly Friend[] {
  try {
    return ledger.friends(name);
  } catch (error) {
    if (error instanceof StoreError) {
      return [];
    }
    throw error;
  }
}
