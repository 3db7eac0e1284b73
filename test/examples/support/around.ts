// What the examples of doc comments find around them, each made only for an example that speaks of it.
import {
  connect,
  generateKeyPair,
  type KeyPair,
  type Link,
  type Listener,
  listen,
  type Server,
  startServer,
  Wallet,
} from '../../../src/index.ts';
import { Leftovers, newFolder } from '../../support/programs.ts';

const LOCAL = '127.0.0.1';

/** A server with alice and bob, for all examples: it takes most of the time. */
export class Town {
  readonly server: Server;
  readonly bob: Wallet;
  readonly #alice: KeyPair;
  readonly #leftovers: Leftovers;

  private constructor(server: Server, bob: Wallet, alice: KeyPair, leftovers: Leftovers) {
    this.server = server;
    this.bob = bob;
    this.#alice = alice;
    this.#leftovers = leftovers;
  }

  static async start(): Promise<Town> {
    const leftovers = new Leftovers();
    const server = await startServer({ dataDir: newFolder(leftovers), host: LOCAL, port: 0, workers: 1 });
    leftovers.after(() => server.stop());
    const identities = { alice: generateKeyPair(), bob: generateKeyPair() };
    const bob = await connectTo(server, identities.bob);
    leftovers.after(() => bob.close());
    await bob.register('bob');
    await bob.login('bob', { listen: { host: LOCAL, port: 0 } });
    const alice = await connectTo(server, identities.alice);
    await alice.register('alice');
    await alice.close();
    return new Town(server, bob, identities.alice, leftovers);
  }

  /** A new wallet, as alice. */
  async login(): Promise<Wallet> {
    const wallet = await connectTo(this.server, this.#alice);
    await wallet.login('alice', { listen: { host: LOCAL, port: 0 } });
    return wallet;
  }

  stop(): Promise<void> {
    return this.#leftovers.clear();
  }
}

function connectTo(server: Server, identity: KeyPair): Promise<Wallet> {
  return Wallet.connect({ host: LOCAL, port: server.port, serverKey: server.key, identity });
}

/** The names that an example may use without having made them: the methods of {@link Around}. */
export const NAMES = [
  'server',
  'wallet',
  'bob',
  'visitor',
  'listener',
  'listenerKey',
  'link',
  'folder',
] as const;

/** What one example finds. The second time that something is asked for, it is the same. */
export class Around {
  readonly #town: Town;
  readonly #leftovers = new Leftovers();
  readonly #listenerKeys = generateKeyPair();
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(town: Town) {
    this.#town = town;
  }

  /** A running server; everybody is granted 10,000.00 dollars. */
  async server(): Promise<Server> {
    return this.#town.server;
  }

  /** Logged in as alice. */
  wallet(): Promise<Wallet> {
    return this.#once('wallet', async () => {
      const wallet = await this.#town.login();
      this.#leftovers.after(() => wallet.close());
      return wallet;
    });
  }

  /** Logged in as bob. */
  async bob(): Promise<Wallet> {
    return this.#town.bob;
  }

  /** Connected to the server, and not logged in: its key has no name yet. */
  visitor(): Promise<Wallet> {
    return this.#once('visitor', async () => {
      const wallet = await connectTo(this.#town.server, generateKeyPair());
      this.#leftovers.after(() => wallet.close());
      return wallet;
    });
  }

  /** Listens for links, and answers every message with itself. */
  listener(): Promise<Listener> {
    return this.#once('listener', async () => {
      const listener = await listen({ host: LOCAL, port: 0, staticKeys: this.#listenerKeys });
      listener.on('link', (link) => link.on('message', (body) => link.send(body)));
      this.#leftovers.after(() => listener.close());
      return listener;
    });
  }

  /** The static key of the listener. */
  async listenerKey(): Promise<Uint8Array> {
    return this.#listenerKeys.publicKey;
  }

  /** An open link to the listener. */
  link(): Promise<Link> {
    return this.#once('link', async () => {
      const { port } = await this.listener();
      const link = await connect({ host: LOCAL, port, staticKeys: generateKeyPair() });
      this.#leftovers.after(() => link.destroy());
      return link;
    });
  }

  /** A new, empty folder. */
  async folder(): Promise<string> {
    return newFolder(this.#leftovers);
  }

  /** Ends what was made for the example. */
  end(): Promise<void> {
    return this.#leftovers.clear();
  }

  #once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = (this.#made.get(name) ?? make()) as Promise<T>;
    this.#made.set(name, made);
    return made;
  }
}
