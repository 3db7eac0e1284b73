import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { defer, LOCAL } from './fixtures.ts';

/** A TCP relay in front of a server: a network that can be bad on purpose. */
export class Relay {
  readonly port: number;
  /** The port to which new connections go. */
  target: number;
  readonly #sockets = new Set<Socket>();
  #swallowing = false;
  #held: (() => void)[] | undefined;

  private constructor(port: number, target: number) {
    this.port = port;
    this.target = target;
  }

  static async start(t: TestContext, target: number): Promise<Relay> {
    const server = createServer();
    server.listen(0, LOCAL);
    await once(server, 'listening');
    const relay = new Relay((server.address() as AddressInfo).port, target);
    server.on('connection', (socket) => relay.#join(socket));
    defer(t, () => {
      server.close();
      relay.cut();
    });
    return relay;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The next bytes from the server are lost, and the connection with them. */
  cutNextAnswer(): void {
    this.#swallowing = true;
  }

  /** Keeps back what the server sends, until `release`. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const send of held) send();
  }

  #join(client: Socket): void {
    const server = connect(this.target, LOCAL);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('end', () => other.end());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => this.#answer(client, bytes));
  }

  #answer(client: Socket, bytes: Buffer | string): void {
    if (this.#swallowing) {
      this.#swallowing = false;
      client.destroy();
    } else if (this.#held !== undefined) {
      this.#held.push(() => client.write(bytes));
    } else {
      client.write(bytes);
    }
  }
}
