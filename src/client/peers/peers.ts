import { isIP } from 'node:net';
import { Admission, DEFAULT_ADMISSION, type Link, type Listener, listen } from '../../link/index.ts';
import { foldName, type OnlineEntry, type Transfer } from '../../protocol/index.ts';
import { PeerPortError, PeerUnreachableError } from '../errors.ts';
import {
  DELIVERY_DEADLINE_MS,
  MAX_HANDSHAKES,
  MAX_LINKS_PER_PEER,
  MAX_PEER_LINKS,
  MAX_UNREACHABLE_PEERS,
  MAX_UNVERIFIED_LINKS,
  UNREACHABLE_MS,
} from '../limits.ts';
import { PeerLink, type PeerOwner, type ReachablePeer } from './peer-link.ts';

/** How a payee was told. */
export type Delivery = 'directly' | 'through the server';

/** Where to listen for peers. */
export interface PeerListening {
  /** The address to listen on; all of the machine where it is left out. */
  readonly host?: string | undefined;
  /** 0: the system chooses. */
  readonly port: number;
}

/** All links to peers. One that is there is used, whoever dialled it. */
export class Peers {
  readonly #owner: PeerOwner;
  /** The one used least recently first. */
  readonly #links = new Set<PeerLink>();
  readonly #dialling = new Map<string, Promise<PeerLink>>();
  /** Until when, in ms of the steady clock, someone is not dialled for a payment; oldest first. */
  readonly #unreachable = new Map<string, number>();
  readonly #abort = new AbortController();
  #listener: Listener | undefined;

  constructor(owner: PeerOwner) {
    this.#owner = owner;
  }

  /** Where peers can reach us; undefined while we do not listen. */
  get port(): number | undefined {
    return this.#listener?.port;
  }

  /** Listens. @returns the port @throws PeerPortError */
  async listen({ host, port }: PeerListening): Promise<number> {
    const { identity: staticKeys, payload, backend } = this.#owner;
    const admit = () => this.#admits();
    const admission = new Admission({
      ...DEFAULT_ADMISSION,
      openingsLow: MAX_HANDSHAKES / 2,
      openingsHigh: MAX_HANDSHAKES,
      openingsPerSource: MAX_HANDSHAKES / 4,
    });
    const options = { port, purpose: 'peer', staticKeys, payload, backend, admission, admit } as const;
    const listener = await listen(host === undefined ? options : { ...options, host }).catch((cause) => {
      throw new PeerPortError(port, { cause });
    });
    listener.on('link', (link) => this.#accept(link));
    this.#listener = listener;
    return listener.port;
  }

  /** Takes no more links; those that are there stay. */
  stopListening(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  /**
   * Says something to someone.
   * @throws PeerUnreachableError, and what `lookup` and {@link PeerLink.say} throw
   */
  async say(to: string, text: string): Promise<void> {
    const peer = this.#find(foldName(to) ?? to) ?? (await this.#dial(await this.#locate(to)));
    this.#touch(peer);
    await peer.say(text);
  }

  /**
   * Tells a payee of our payment, if they can be reached within {@link DELIVERY_DEADLINE_MS}. Never rejects.
   */
  async tell(payee: OnlineEntry | null, transfer: Transfer): Promise<Delivery> {
    const peer = payee === null ? undefined : await this.#reach(payee);
    if (peer?.open !== true) {
      return 'through the server';
    }
    this.#touch(peer);
    peer.tell(transfer);
    return 'directly';
  }

  /** Sends what is queued and closes everything. Resolves when every socket is gone. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.stopListening();
    await Promise.allSettled(this.#dialling.values());
    await Promise.all([...this.#links].map((link) => link.close()));
  }

  #admits(): boolean {
    return [...this.#links].filter((link) => link.name === undefined).length < MAX_UNVERIFIED_LINKS;
  }

  #accept(link: Link): void {
    const peer: PeerLink = new PeerLink(link, this.#owner, undefined, () => this.#makeRoom(peer));
    this.#keep(peer);
  }

  #keep(peer: PeerLink): void {
    this.#links.add(peer);
    peer.onClose(() => this.#links.delete(peer));
  }

  /** For one more peer whose name is known. */
  #makeRoom(peer: PeerLink): void {
    this.#touch(peer);
    const known = [...this.#links].filter((link) => link.name !== undefined);
    const same = known.filter((link) => link.name === peer.name);
    if (same.length > MAX_LINKS_PER_PEER) {
      closeOne(same);
    } else if (known.length > MAX_PEER_LINKS) {
      closeOne(known);
    }
  }

  #touch(peer: PeerLink): void {
    if (!this.#links.delete(peer)) {
      return;
    }
    this.#links.add(peer);
  }

  #find(name: string): PeerLink | undefined {
    return [...this.#links].find((link) => link.name === name && link.open);
  }

  async #locate(name: string): Promise<ReachablePeer> {
    const found = await this.#owner.lookup(name);
    if (!found.online) {
      throw new PeerUnreachableError('offline', found.name);
    }
    if (!isReachable(found)) {
      throw new PeerUnreachableError('no_peer_links', found.name);
    }
    return found;
  }

  /** The link to a payee; where none can be made, none is tried again for {@link UNREACHABLE_MS}. */
  async #reach(payee: OnlineEntry): Promise<PeerLink | undefined> {
    const { name } = payee;
    const known = this.#find(name);
    if (known !== undefined || !isReachable(payee)) {
      return known;
    }
    if ((this.#unreachable.get(name) ?? 0) > performance.now()) {
      return undefined;
    }
    const deadline = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => deadline.resolve(undefined), DELIVERY_DEADLINE_MS);
    const dialled = this.#dial(payee).catch(() => undefined);
    const peer = await Promise.race([dialled, deadline.promise]);
    clearTimeout(timer);
    if (peer === undefined) {
      this.#avoid(name);
    }
    return peer;
  }

  #avoid(name: string): void {
    this.#unreachable.delete(name);
    this.#unreachable.set(name, performance.now() + UNREACHABLE_MS);
    const [oldest] = this.#unreachable.keys();
    if (this.#unreachable.size > MAX_UNREACHABLE_PEERS && oldest !== undefined) {
      this.#unreachable.delete(oldest);
    }
  }

  /** Dials a peer; who is being dialled already is not dialled twice. */
  #dial(peer: ReachablePeer): Promise<PeerLink> {
    const begun = this.#dialling.get(peer.name);
    if (begun !== undefined) {
      return begun;
    }
    if (this.#dialling.size >= MAX_PEER_LINKS) {
      return Promise.reject(new PeerUnreachableError('too_many', peer.name));
    }
    const dialling = PeerLink.dial(peer, this.#owner, this.#abort.signal)
      .then((link) => {
        this.#keep(link);
        this.#makeRoom(link);
        this.#unreachable.delete(peer.name);
        return link;
      })
      .finally(() => this.#dialling.delete(peer.name));
    this.#dialling.set(peer.name, dialling);
    return dialling;
  }
}

/** The server sees where people come from: an address, never a name that would have to be looked up. */
function isReachable<T extends OnlineEntry>(entry: T): entry is T & ReachablePeer {
  return entry.host !== null && entry.port !== null && isIP(entry.host) !== 0;
}

/**
 * Closes the one used least recently that waits for no response, or the oldest where all wait; never the
 * last, which is new.
 */
function closeOne(links: readonly PeerLink[]): void {
  const others = links.slice(0, -1);
  void (others.find((link) => !link.busy) ?? others[0])?.close();
}
