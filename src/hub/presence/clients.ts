import type { GatewayRenewed, LinkClosed, LinkOpened } from '../inputs.ts';
import { onlineEntry } from '../views.ts';
import type { Client } from './client.ts';
import { depart, type PresenceContext } from './presence.ts';

/** Every client whose link has been opened and not yet been closed. */
export class Clients {
  readonly #clients = new Map<number, Client>();
  /** Links that this batch has closed: until it is settled, what it says to them is still addressed. */
  readonly #closed = new Set<number>();

  get size(): number {
    return this.#clients.size;
  }

  find(conn: number): Client | undefined {
    return this.#clients.get(conn);
  }

  opened({ effects }: PresenceContext, { conn, gateway, key, host, network }: LinkOpened): void {
    // A batch that has failed has opened its links all the same.
    if (!this.#clients.has(conn)) {
      const loggedOut = { account: undefined, port: 0, over: false };
      this.#clients.set(conn, { conn, gateway, key, host, network, ...loggedOut });
    }
    effects.push({ type: 'event', event: { event: 'connect', conn, host } });
  }

  closed(context: PresenceContext, { conn, reason }: LinkClosed): void {
    const client = this.#clients.get(conn);
    if (client === undefined) {
      throw new RangeError(`no link ${conn}`);
    }
    this.#close(context, client, reason);
  }

  /** Whoever was on a gateway that is no more is offline, and its successor learns who is online. */
  renewed(context: PresenceContext, { gateway, lastConn }: GatewayRenewed): void {
    for (const client of this.#clients.values()) {
      if (client.gateway === gateway && client.conn <= lastConn) {
        this.#close(context, client, 'crashed');
      }
    }
    for (const [name, client] of context.presence.all) {
      context.effects.push({ type: 'online', gateway, entry: onlineEntry(name, client) });
    }
  }

  /** What was closed is gone. */
  settle(): void {
    for (const conn of this.#closed) {
      this.#clients.delete(conn);
    }
    this.#closed.clear();
  }

  /** Nothing was closed. What was opened stays: links come and go whether or not the books can be written. */
  rollback(): void {
    this.#closed.clear();
  }

  /** Once, also when its gateway has said so and is then found to be no more. */
  #close(context: PresenceContext, client: Client, reason: string): void {
    const { conn, host } = client;
    if (this.#closed.has(conn)) {
      return;
    }
    this.#closed.add(conn);
    depart(context, client);
    context.effects.push({ type: 'event', event: { event: 'disconnect', conn, host, reason } });
  }
}
