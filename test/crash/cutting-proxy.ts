import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Random } from '../fuzz/random.ts';

/** A connection is cut after at most so many bytes, of either direction: a handshake and some hundred payments. */
const MAX_BYTES = 40_000;

/** A network between clients and server that can be cut at any byte. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #random: Random;
  readonly #cutters = new Set<() => void>();
  #target = 0;
  #isCutting = false;
  #cut = Promise.withResolvers<void>();
  /** Connections that were cut. */
  cuts = 0;

  private constructor(random: Random) {
    this.#random = random;
    this.#server = createServer((client) => this.#join(client, connect(this.#target, '127.0.0.1')));
  }

  static async start(random: Random): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(random);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where connections lead from now on. */
  leadTo(port: number): void {
    this.#target = port;
  }

  /** Cuts every connection, those to come too, somewhere among its next bytes, until so many were cut. */
  async cut(times: number): Promise<void> {
    const enough = this.cuts + times;
    this.#isCutting = true;
    for (const cutSoon of this.#cutters) cutSoon();
    while (this.cuts < enough) await this.#cut.promise;
    this.#isCutting = false;
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, server: Socket): void {
    let left = Number.POSITIVE_INFINITY;
    const cutSoon = (): void => {
      left = this.#random.below(MAX_BYTES);
    };
    if (this.#isCutting) cutSoon();
    this.#cutters.add(cutSoon);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('error', () => {});
      from.on('close', () => {
        this.#cutters.delete(cutSoon);
        to.destroy();
      });
      from.on('data', (bytes: Buffer) => {
        if (bytes.length <= left) {
          left -= bytes.length;
          to.write(bytes);
          return;
        }
        // The first bytes still arrive: a record in pieces, of which the last never comes.
        to.end(bytes.subarray(0, left));
        left = 0;
        from.destroy();
        if (!this.#cutters.delete(cutSoon)) return;
        this.cuts += 1;
        this.#cut.resolve();
        this.#cut = Promise.withResolvers();
      });
    }
  }
}
