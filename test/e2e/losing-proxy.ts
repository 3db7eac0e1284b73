import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Which answer does not arrive. */
export interface Loss {
  /**
   * The answer to the client's turn of this number: it speaks again after the server has. A client that logs in and pays
   * speaks three times: prelude and first handshake message; last handshake message and login; pay.
   */
  readonly turn: number;
  /** On how many connections, from the first on; all if nothing is said. */
  readonly times?: number;
}

/** A network that passes on everything until an answer comes that is to be lost, and then cuts both ends. @returns its port */
export async function loseAnswer(t: TestContext, target: number, loss: Loss): Promise<number> {
  return intercept(t, target, loss, (client) => client.destroy());
}

/** A network that passes on everything until an answer comes that it keeps, with all that follows. */
export async function holdAnswer(
  t: TestContext,
  target: number,
  loss: Loss,
): Promise<{ readonly port: number; readonly held: Promise<void> }> {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const port = await intercept(t, target, loss, () => resolve());
  return { port, held };
}

async function intercept(
  t: TestContext,
  target: number,
  { turn, times = Number.POSITIVE_INFINITY }: Loss,
  lose: (client: Socket) => void,
): Promise<number> {
  let connections = 0;
  const proxy = createServer((client) => {
    connections += 1;
    const isLossy = connections <= times;
    const server = connect(target, '127.0.0.1');
    let turns = 0;
    let clientSpeaks = false;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => {});
      socket.on('close', () => other.destroy());
    }
    client.on('data', (bytes) => {
      if (!clientSpeaks) turns += 1;
      clientSpeaks = true;
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      clientSpeaks = false;
      if (isLossy && turns >= turn) lose(client);
      else client.write(bytes);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.close();
  });
  return (proxy.address() as AddressInfo).port;
}
