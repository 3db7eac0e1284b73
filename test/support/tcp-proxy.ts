import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const LOCAL = '127.0.0.1';

/** Whose bytes they are. */
export type From = 'client' | 'server';

/** Takes the next bytes of one end of a connection, as they come. */
export type Traffic = (from: From, bytes: Buffer) => void;

export interface ProxyOptions {
  /** The address from which the server sees connections come. */
  readonly localAddress?: string;
  /**
   * Decides for each connection what becomes of its bytes, by {@link Passage.pass} and its like. Default: all
   * are passed on.
   */
  readonly through?: (passage: Passage) => Traffic;
}

/** A network between clients and a server that can be bad on purpose. */
export class TcpProxy {
  /** The port to which new connections are led. */
  target: number;
  /** How many clients have connected. */
  connections = 0;
  readonly #server: Server;
  readonly #options: ProxyOptions;
  readonly #passages = new Set<Passage>();
  /** What the server has sent since `hold`. */
  #held: (() => void)[] | undefined;
  #losesNextAnswer = false;

  private constructor(target: number, options: ProxyOptions) {
    this.target = target;
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client));
  }

  /** `target`: the port of the server on this machine; 0 where it is not known yet. */
  static async start(target: number, options: ProxyOptions = {}): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, options);
    proxy.#server.listen(0, LOCAL);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const passage of this.#passages) {
      passage.cut();
    }
  }

  /** The next bytes from the server are lost, and their connection with them. */
  cutNextAnswer(): void {
    this.#losesNextAnswer = true;
  }

  /** Keeps back what the server sends, until `release`. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const send of held) {
      send();
    }
  }

  /** Takes no more connections, and cuts those that are there. */
  async stop(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    this.connections += 1;
    const { localAddress, through = passOn } = this.#options;
    const server = connect({
      host: LOCAL,
      port: this.target,
      allowHalfOpen: true,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    const passage = new Passage(this.connections, client, server);
    const traffic = through(passage);
    this.#passages.add(passage);
    client.on('close', () => this.#passages.delete(passage));
    client.on('data', (bytes: Buffer) => traffic('client', bytes));
    server.on('data', (bytes: Buffer) => this.#answer(passage, () => traffic('server', bytes)));
  }

  #answer(passage: Passage, send: () => void): void {
    if (this.#losesNextAnswer) {
      this.#losesNextAnswer = false;
      passage.cut();
    } else if (this.#held !== undefined) {
      this.#held.push(send);
    } else {
      send();
    }
  }
}

/** One connection through a proxy. An end that closes closes the other. */
export class Passage {
  /** From 1, in the order of their coming. */
  readonly number: number;
  readonly #ends: Readonly<Record<From, Socket>>;

  constructor(number: number, client: Socket, server: Socket) {
    this.number = number;
    this.#ends = { client, server };
    for (const [own, other] of [
      [client, server],
      [server, client],
    ] as const) {
      own.on('error', () => {});
      own.on('end', () => other.end());
      own.on('close', () => other.destroy());
    }
  }

  /** Passes bytes of one end on to the other. */
  pass(from: From, bytes: Uint8Array): void {
    this.#other(from).write(bytes);
  }

  /** Passes bytes on as the last that the other end gets. */
  passLast(from: From, bytes: Uint8Array): void {
    this.#other(from).end(bytes);
    this.#ends[from].destroy();
  }

  /** Cuts both ends. */
  cut(): void {
    this.#ends.client.destroy();
    this.#ends.server.destroy();
  }

  /** `listener` is called once, when an end has closed. */
  onClose(listener: () => void): void {
    this.#ends.client.once('close', listener);
  }

  #other(from: From): Socket {
    return this.#ends[from === 'client' ? 'server' : 'client'];
  }
}

function passOn(passage: Passage): Traffic {
  return (from, bytes) => passage.pass(from, bytes);
}
