import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { TestContext } from 'node:test';

/**
 * A network that loses an answer: it passes on everything until the client has begun its turn number `turn` (it speaks
 * again after the server has), passes that on too, and cuts both ends when the server answers.
 *
 * A client that logs in and pays speaks three times: prelude and first handshake message; last handshake message and
 * login; pay.
 * @returns its port
 */
export async function loseAnswer(t: TestContext, target: number, turn: number): Promise<number> {
  const proxy = createServer((client) => {
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
      if (turns < turn) client.write(bytes);
      else client.destroy();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.close();
  });
  return (proxy.address() as AddressInfo).port;
}
