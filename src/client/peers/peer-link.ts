import { type Backend, connect, type KeyPair, type Link, type Suite } from '../../link/index.ts';
import {
  type Fields,
  type LookupResult,
  type OnlineEntry,
  parsePeerNotification,
  parsePeerParams,
  parsePeerResult,
  type Transfer,
} from '../../protocol/index.ts';
import { Calls, type Reply } from '../calls.ts';
import { PeerRefusedError, PeerUnreachableError, RefusedError } from '../errors.ts';
import { ANSWER_DEADLINE_MS, HELLO_DEADLINE_MS, MAX_OPEN_PEER_CALLS } from '../limits.ts';

/** What a peer link needs of the wallet that it belongs to. */
export interface PeerOwner {
  readonly identity: KeyPair;
  readonly suite: Suite;
  readonly backend: Backend;
  /** Our payload for the handshake. */
  readonly payload: Uint8Array;
  /** Who we are logged in as. */
  name(): string | undefined;
  /** Asks the server for somebody's key and address. @throws as `Wallet.lookup` */
  lookup(name: string): Promise<LookupResult>;
  /** May so many bytes from a peer of a verified name be shown now? */
  mayShow(name: string, bytes: number): boolean;
  /** A peer of a verified name said something. */
  said(from: string, text: string): void;
  /** A peer says that they paid us, and is the one that the transfer names. */
  paid(transfer: Transfer): void;
}

/** A person online who takes peer links. */
export type ReachablePeer = OnlineEntry & { readonly host: string; readonly port: number };

const REFUSED: Reply = { error: 'AUTH_FAIL', close: true };

/**
 * A link to one peer, in either direction. Who is at its other end is verified by its key, which the server
 * has for their name: before we dial, or when they have said hello. Until then nothing but `hello` is
 * answered.
 */
export class PeerLink {
  readonly #link: Link;
  readonly #owner: PeerOwner;
  readonly #calls: Calls;
  readonly #deadline: NodeJS.Timeout | undefined;
  readonly #verified: () => void;
  #name: string | undefined;

  /**
   * Takes over a link made in this turn of the event loop. `name`: whose it is, where the server's key for
   * them was required of it. `verified` is called once, when the name of one who dialled us has been
   * verified.
   */
  constructor(link: Link, owner: PeerOwner, name: string | undefined, verified: () => void = () => {}) {
    this.#link = link;
    this.#owner = owner;
    this.#name = name;
    this.#verified = verified;
    const handlers = {
      request: (method: string, params: Fields) => this.#asked(method, params),
      notification: (method: string, params: Fields) => this.#told(method, params),
    };
    this.#calls = new Calls(link, handlers, MAX_OPEN_PEER_CALLS);
    if (name === undefined) {
      this.#deadline = setTimeout(() => link.destroy(), HELLO_DEADLINE_MS);
    }
    link.on('close', () => clearTimeout(this.#deadline));
  }

  /**
   * Dials someone at the address that the server gave, requires the key that it gave, and says hello.
   * @throws PeerUnreachableError
   */
  static async dial(peer: ReachablePeer, owner: PeerOwner, signal: AbortSignal): Promise<PeerLink> {
    const own = owner.name();
    try {
      if (own === undefined) {
        throw new Error('not logged in');
      }
      const { identity: staticKeys, payload, suite, backend } = owner;
      const where = { host: peer.host, port: peer.port, expectedRemoteKey: peer.key };
      const link = await connect({ ...where, purpose: 'peer', staticKeys, payload, suite, backend, signal });
      return await new PeerLink(link, owner, peer.name).#hello(own, signal);
    } catch (cause) {
      throw new PeerUnreachableError('unreachable', peer.name, { cause });
    }
  }

  /** Whose link it is; undefined while that is not verified. */
  get name(): string | undefined {
    return this.#name;
  }

  /** True while messages can be sent. */
  get open(): boolean {
    return !this.#calls.over;
  }

  /** True while a request of ours waits for its response. */
  get busy(): boolean {
    return this.#calls.open > 0;
  }

  /**
   * Resolves once they have it.
   * @throws PeerRefusedError, OutcomeUnknownError, NotConnectedError, BusyError
   */
  async say(text: string): Promise<void> {
    const deadline = setTimeout(() => this.#link.destroy(), ANSWER_DEADLINE_MS);
    try {
      await this.#calls.request('say', { text }, (result) => parsePeerResult('say', result));
    } catch (cause) {
      if (!(cause instanceof RefusedError)) {
        throw cause;
      }
      throw new PeerRefusedError(this.#name ?? '', cause.symbol, { cause });
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Tells them of a payment of ours. */
  tell(transfer: Transfer): void {
    this.#calls.notify('paid', { transfer });
  }

  /** Sends what is queued, then closes. Resolves when the socket is gone. */
  close(): Promise<void> {
    return this.#link.close();
  }

  /** `listener` is called once, when the link is over. */
  onClose(listener: () => void): void {
    this.#link.once('close', listener);
  }

  /** Says who we are. One key may have several names: whoever answers must be the one we dialled. */
  async #hello(own: string, signal: AbortSignal): Promise<this> {
    const giveUp = () => this.#link.destroy();
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) {
      giveUp();
    }
    const deadline = setTimeout(giveUp, HELLO_DEADLINE_MS);
    try {
      const answer = await this.#calls.request('hello', { name: own }, (result) =>
        parsePeerResult('hello', result),
      );
      if (answer.name !== this.#name) {
        throw new Error('someone else answers there');
      }
      return this;
    } catch (error) {
      this.#link.destroy();
      throw error;
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', giveUp);
    }
  }

  #asked(method: string, params: Fields): Reply | Promise<Reply> {
    if (method === 'hello') {
      return this.#greeted(params);
    }
    if (method !== 'say') {
      return { error: 'BAD_REQUEST' };
    }
    if (this.#name === undefined) {
      return { error: 'AUTH_FAIL' };
    }
    const parsed = parsePeerParams('say', params);
    if (!parsed.ok) {
      return { error: 'BAD_REQUEST' };
    }
    const { text } = parsed.params;
    if (!this.#owner.mayShow(this.#name, Buffer.byteLength(text))) {
      return { error: 'TOO_MANY' };
    }
    this.#owner.said(this.#name, text);
    return { result: {} };
  }

  async #greeted(params: Fields): Promise<Reply> {
    const own = this.#owner.name();
    const parsed = parsePeerParams('hello', params);
    if (!parsed.ok) {
      return { error: 'BAD_REQUEST' };
    }
    const { name } = parsed.params;
    if (own === undefined) {
      return REFUSED;
    }
    if (this.#name !== undefined) {
      return this.#name === name ? { result: { name: own } } : REFUSED;
    }
    if (!(await this.#owns(name))) {
      return REFUSED;
    }
    this.#name = name;
    clearTimeout(this.#deadline);
    this.#verified();
    return { result: { name: own } };
  }

  /** Is this link's key the one that the server has for the name? False where the server cannot be asked. */
  async #owns(name: string): Promise<boolean> {
    try {
      const { key } = await this.#owner.lookup(name);
      return Buffer.from(key).equals(this.#link.remoteKey);
    } catch {
      return false;
    }
  }

  #told(method: string, params: Fields): void {
    const told = parsePeerNotification(method, params);
    if (told === undefined || this.#name === undefined) {
      return;
    }
    const { transfer } = told.params;
    if (transfer.from === this.#name && transfer.to === this.#owner.name()) {
      this.#owner.paid(transfer);
    }
  }
}
