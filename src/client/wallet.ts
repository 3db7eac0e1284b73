import { EventEmitter } from 'node:events';
import { type Backend, chooseBackend, type KeyPair, type Link, type Suite } from '../link/index.ts';
import {
  type AccountView,
  type Currency,
  encodeAgent,
  type Friend,
  type FriendState,
  foldName,
  type HistoryParams,
  isAnswer,
  type LoginParams,
  type LookupResult,
  type Notifications,
  type Told,
  type Transfer,
} from '../protocol/index.ts';
import { DEFAULT_AGENT, type DialOptions, dialServer, remoteAgent } from './dial.ts';
import { RefusedError } from './errors.ts';
import { newOrderId } from './order-id.ts';
import { placeOrder } from './orders.ts';
import { IncomingPayments } from './peers/incoming-payments.ts';
import { PeerQuota } from './peers/peer-quota.ts';
import { type Delivery, type PeerListening, Peers } from './peers/peers.ts';
import { ServerLink } from './server-link.ts';

/** A login that the server has answered. */
interface Login {
  /** What to ask to log in again. */
  readonly params: LoginParams;
  readonly currency: Currency;
}

/** Which server a wallet is connected to, and as whom. */
export interface WalletOptions {
  /** A name or an address. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** The server's static key (32 bytes). It is required: `fetchServerKey` asks an unknown server for it. */
  readonly serverKey: Uint8Array;
  /** Who we are: a name is bound to this key at `register`. */
  readonly identity: KeyPair;
  /** Default: `XXhfs`, the one with ML-KEM-768. */
  readonly suite?: Suite | undefined;
  /** The crypto implementation. Default: what the runtime does best. */
  readonly backend?: Backend | undefined;
  /** What to say of this program in the handshake. Default: `farthing/<version>`. */
  readonly agent?: string | undefined;
  /** Whether to come back by itself when the link breaks. Default: true. */
  readonly reconnect?: boolean | undefined;
  /** Gives up connecting; without effect once connected. */
  readonly signal?: AbortSignal | undefined;
}

/** How to log in. */
export interface LoginOptions {
  /** Takes links from peers. Without it the account takes none. */
  readonly listen?: PeerListening | undefined;
}

/** What an order says besides payee and amount. */
export interface PayOptions {
  /** At most 256 bytes of UTF-8. */
  readonly memo?: string | undefined;
  /** 16 bytes unique to the order; the same id again is the same order. Default: a new UUIDv7. */
  readonly id?: Uint8Array | undefined;
  /**
   * Whether the order may have been asked before, with an outcome that is not known: then every answer that
   * does not say what became of it (the server is too busy, or cannot be reached) is OutcomeUnknownError, and
   * RefusedError means that it was never carried out. Default: false; RefusedError then means that nothing
   * was done this time.
   */
  readonly again?: boolean | undefined;
}

/** A payment that the server has on disk. */
export interface Payment {
  readonly transfer: Transfer;
  /** What is left, in minor units. */
  readonly balance: number;
  /**
   * How the payee was told, once that is known: within `DELIVERY_DEADLINE_MS`, usually at once. Never
   * rejects. The payment is done without it; a program that is about to exit awaits it first, to give the
   * direct link its chance.
   */
  readonly delivery: Promise<Delivery>;
}

/** What a {@link Wallet} emits. */
export interface WalletEvents {
  /**
   * Someone paid us: once for each transfer, and only when the server has said so. `directly`: the payer said
   * so too, over a link of their own.
   */
  paid: [payment: { transfer: Transfer; directly: boolean }];
  /** A payer says so, the server has not yet. Not money: `paid` follows, or does not. */
  unconfirmed: [payment: { transfer: Transfer }];
  /** A peer, whose name was checked against their key, said something. */
  said: [message: { from: string; text: string }];
  /** Somebody asks us, has accepted us, or is a friend no more. */
  friend: [change: { name: string; state: FriendState }];
  /** A friend came or went. */
  presence: [change: { name: string; online: boolean }];
  /** The same account logged in elsewhere: `close` follows. */
  kicked: [text: string];
  /** The server has something to say to people. */
  notice: [text: string];
  /** The link to the server broke; we will try again. */
  lost: [error: Error];
  /** The next attempt to come back begins in `delayMs`. */
  retrying: [next: { attempt: number; delayMs: number }];
  /** The link is back; with the account's view if we were logged in, and are again. */
  restored: [view: AccountView | undefined];
  /** The wallet is closed; emitted once. Without an error: by `exit`, `close`, or after `kicked`. */
  close: [error: Error | undefined];
}

/**
 * One person's link to one server, and their links to peers.
 *
 * Whatever asks the server throws RefusedError (the server refused: `TOO_MANY`, `INTERNAL`, `BAD_REQUEST`,
 * and what is named below), OutcomeUnknownError (the link broke before the answer), NotConnectedError
 * (nothing was sent) or BusyError (too much was asked at once). A server that breaks the protocol ends the
 * wallet: `close` then has the LinkError `bad_message`.
 */
export class Wallet extends EventEmitter<WalletEvents> {
  /** 32 bytes. */
  readonly serverKey: Uint8Array;
  /** What the server says of its program, 1 to 64 bytes: make it printable before it reaches a terminal. */
  readonly serverAgent: string;
  /** The description of the crypto backend. */
  readonly backend: string;
  readonly #server: ServerLink;
  readonly #peers: Peers;
  readonly #incoming: IncomingPayments;
  #login: Login | undefined;
  /** As whom we are logging in: others may see us online before the login is answered. */
  #loggingInAs: string | undefined;
  #ended: Promise<void> | undefined;

  private constructor(link: Link, options: DialOptions & { readonly reconnect: boolean }) {
    super();
    this.serverKey = options.serverKey;
    this.serverAgent = remoteAgent(link);
    this.backend = options.backend.description;
    const quota = new PeerQuota();
    this.#incoming = new IncomingPayments({
      mayShow: (payer) => quota.take(payer, 0),
      paid: (transfer, directly) => this.emit('paid', { transfer, directly }),
      unconfirmed: (transfer) => this.emit('unconfirmed', { transfer }),
    });
    this.#peers = new Peers({
      ...options,
      name: () => this.#own,
      lookup: (name) => this.lookup(name),
      mayShow: (name, bytes) => quota.take(name, bytes),
      said: (from, text) => this.emit('said', { from, text }),
      paid: (transfer) => this.#incoming.claim(transfer),
    });
    this.#server = new ServerLink(link, options, {
      believes: (method, params, result) =>
        isAnswer(method, params, result, { name: this.#own, currency: this.currency }),
      told: (notification) => this.#told(notification),
      lost: (error) => this.emit('lost', error),
      retrying: (pause) => this.emit('retrying', pause),
      relogin: async (ask) => this.#login && ask('login', this.#login.params),
      restored: (view) => this.emit('restored', view),
      closed: (error) => void this.#end(error),
    });
  }

  /**
   * Connects.
   * @throws WrongServerKeyError, LinkError; RangeError for an `agent` that is too long
   * @example
   * ```ts
   * import { generateKeyPair, Wallet } from 'farthing';
   *
   * const wallet = await Wallet.connect({
   *   host: '127.0.0.1',
   *   port: server.port,
   *   serverKey: server.key, // as its operator publishes it: see parseAddress
   *   identity: generateKeyPair(), // to be kept: see keyPairFromSecret
   * });
   * await wallet.register('carol');
   * await wallet.login('carol');
   * const { transfer, balance } = await wallet.pay('bob', 1250, { memo: 'for lunch' }); // 12.50 dollars
   * console.log(transfer.to, balance); // bob 998750
   * await wallet.exit();
   * ```
   */
  static async connect(options: WalletOptions): Promise<Wallet> {
    const dial = {
      host: options.host,
      port: options.port,
      serverKey: Uint8Array.from(options.serverKey),
      identity: options.identity,
      suite: options.suite ?? 'XXhfs',
      backend: options.backend ?? chooseBackend(),
      payload: encodeAgent(options.agent ?? DEFAULT_AGENT),
      reconnect: options.reconnect ?? true,
    } as const;
    return new Wallet(await dialServer(dial, options.signal), dial);
  }

  /** The account logged in, lower case; it stays while the link is lost. */
  get name(): string | undefined {
    return this.#login?.params.name;
  }

  /** Known once logged in. */
  get currency(): Currency | undefined {
    return this.#login?.currency;
  }

  /** Which ciphers protect the link to the server. */
  get suite(): Suite {
    return this.#server.suite;
  }

  /** Where we take peer links, if we do. */
  get peerPort(): number | undefined {
    return this.#peers.port;
  }

  /** False while the link to the server is lost, and for good once the wallet is closed. */
  get connected(): boolean {
    return this.#server.connected;
  }

  /**
   * Binds a name to our key.
   * @throws as {@link Wallet}; RefusedError `NAME_TAKEN`, `WRONG_STATE` (logged in)
   * @example
   * ```ts
   * import { RefusedError } from 'farthing';
   *
   * await visitor.register('dora');
   * try {
   *   await visitor.register('bob');
   * } catch (error) {
   *   console.log(error instanceof RefusedError && error.symbol); // NAME_TAKEN
   * }
   * ```
   */
  async register(name: string): Promise<void> {
    await this.#server.ask('register', { name });
  }

  /**
   * Logs in under a name of ours.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL`, `WRONG_STATE` (logged in); PeerPortError, before
   *   anything is asked
   * @example
   * ```ts
   * await visitor.register('erin');
   * const { name, balance } = await visitor.login('erin', { listen: { host: '127.0.0.1', port: 0 } });
   * console.log(name, balance); // erin 1000000
   * ```
   */
  async login(name: string, { listen }: LoginOptions = {}): Promise<AccountView> {
    const listens = listen !== undefined && this.#own === undefined;
    this.#loggingInAs = foldName(name);
    try {
      const port = listens ? await this.#peers.listen(listen) : (listen?.port ?? 0);
      const view = await this.#server.ask('login', { name, port });
      this.#login = { params: { name: view.name, port }, currency: view.currency };
      return view;
    } catch (error) {
      if (listens) {
        this.#peers.stopListening();
      }
      throw error;
    } finally {
      this.#loggingInAs = undefined;
    }
  }

  /**
   * Our balance, and who is online.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL` (not logged in)
   * @example
   * ```ts
   * const { currency, online } = await wallet.list();
   * console.log(currency.name, online.map(({ name }) => name).includes('bob')); // dollars true
   * ```
   */
  list(): Promise<AccountView> {
    return this.#server.ask('list', {});
  }

  /**
   * Pays `amount` minor units. Where the link breaks before the answer, a wallet that reconnects comes back
   * and asks again under the same id, which cannot pay twice; where even that brings no answer,
   * OutcomeUnknownError carries the id.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL` (not logged in), `BAD_AMOUNT`, `ID_REUSED`,
   *   `PAYEE_UNKNOWN`, `PAYEE_SELF`, `PAYEE_OFFLINE`, `INSUFFICIENT_FUNDS`
   * @example
   * ```ts
   * import { newOrderId, OutcomeUnknownError, RefusedError } from 'farthing';
   *
   * const id = newOrderId();
   * try {
   *   const { transfer, delivery } = await wallet.pay('bob', 1250, { memo: 'for lunch', id });
   *   console.log(transfer.amount, await delivery); // 1250 directly
   * } catch (error) {
   *   if (error instanceof RefusedError) {
   *     // Nothing was paid. `error.symbol` says why, such as INSUFFICIENT_FUNDS.
   *   } else if (error instanceof OutcomeUnknownError) {
   *     // Ask again later, with `{ id, again: true }`: it is paid once.
   *   }
   *   throw error;
   * }
   * ```
   */
  async pay(
    to: string,
    amount: number,
    { memo = '', id = newOrderId(), again = false }: PayOptions = {},
  ): Promise<Payment> {
    const order = { to, amount, id: Uint8Array.from(id), memo };
    const { transfer, balance, payee } = await placeOrder(this.#server, order, again);
    return { transfer, balance, delivery: this.#peers.tell(payee, transfer) };
  }

  /**
   * Somebody's key, and where they can be reached.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL`, `PAYEE_UNKNOWN`
   * @example
   * ```ts
   * const { key, online } = await wallet.lookup('bob');
   * console.log(key.length, online); // 32 true
   * ```
   */
  lookup(name: string): Promise<LookupResult> {
    return this.#server.ask('lookup', { name });
  }

  /**
   * Our transfers, newest first. `before`: a `seq`, to go on from there. `limit`: 1 to 100.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL`
   * @example
   * ```ts
   * let page = await wallet.history();
   * while (page.length === 100) {
   *   page = await wallet.history({ before: page.at(-1)?.seq });
   * }
   * console.log(page.at(-1)?.from); // issuer
   * ```
   */
  async history({ before, limit }: HistoryParams = {}): Promise<readonly Transfer[]> {
    const params = { ...(before === undefined ? {} : { before }), ...(limit === undefined ? {} : { limit }) };
    return (await this.#server.ask('history', params)).transfers;
  }

  /**
   * Friends, who asks us, and whom we ask.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL`
   * @example
   * ```ts
   * await wallet.befriend('bob');
   * console.log((await wallet.friends()).map(({ name }) => name)); // [ 'bob' ]
   * ```
   */
  async friends(): Promise<readonly Friend[]> {
    return (await this.#server.ask('friends', {})).friends;
  }

  /**
   * Asks, or accepts one who asked.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL`, `PAYEE_UNKNOWN`
   * @example
   * ```ts
   * console.log(await wallet.befriend('bob')); // asked
   * console.log(await bob.befriend('alice')); // friend
   * ```
   */
  async befriend(name: string): Promise<FriendState> {
    return (await this.#server.ask('befriend', { name })).state;
  }

  /**
   * Ends a friendship, or a request.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL`, `PAYEE_UNKNOWN`
   * @example
   * ```ts
   * await wallet.unfriend('bob');
   * console.log(await wallet.friends()); // []
   * ```
   */
  async unfriend(name: string): Promise<void> {
    await this.#server.ask('unfriend', { name });
  }

  /**
   * Says 1 to 4096 bytes of UTF-8 to someone over a direct link, and resolves once they have it.
   * @throws PeerUnreachableError, PeerRefusedError, and what {@link lookup} throws
   * @example
   * ```ts
   * bob.once('said', ({ from, text }) => console.log(from, text)); // alice the soup was good
   * await wallet.say('bob', 'the soup was good');
   * ```
   */
  say(to: string, text: string): Promise<void> {
    return this.#peers.say(to, text);
  }

  /**
   * Logs out. Resolves to the server's text, "Bye!", when everything is closed.
   * @throws as {@link Wallet}; RefusedError `AUTH_FAIL` when not logged in: the wallet then stays open. After
   *   any other error it is closed
   * @example
   * ```ts
   * console.log(await wallet.exit()); // Bye!
   * ```
   */
  async exit(): Promise<string> {
    try {
      const word = await this.#server.leave();
      await this.close();
      return word;
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        await this.close();
      }
      throw error;
    }
  }

  /**
   * Closes every link without logging out first. Resolves when every socket is gone; never rejects.
   *
   * @example
   * ```ts
   * await wallet.close();
   * console.log(wallet.connected); // false
   * ```
   */
  async close(): Promise<void> {
    await this.#server.close();
    await this.#end(undefined);
  }

  get #own(): string | undefined {
    return this.name ?? this.#loggingInAs;
  }

  #told(told: Told<Notifications>): void {
    switch (told.method) {
      case 'paid':
        if (told.params.transfer.to === this.#own) {
          this.#incoming.confirm(told.params.transfer, this.peerPort !== undefined);
        }
        break;
      case 'friend':
        this.emit('friend', told.params);
        break;
      case 'presence':
        this.emit('presence', told.params);
        break;
      case 'kicked':
        this.emit('kicked', told.params.text);
        break;
      case 'notice':
        this.emit('notice', told.params.text);
    }
  }

  /** Emits what the server has confirmed, then `close`. */
  #end(error: Error | undefined): Promise<void> {
    this.#ended ??= this.#peers.close().then(() => {
      this.#incoming.flush();
      this.emit('close', error);
    });
    return this.#ended;
  }
}
