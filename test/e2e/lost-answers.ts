import type { TestContext } from 'node:test';
import { type Passage, TcpProxy, type Traffic } from '../support/tcp-proxy.ts';

/** Which answer does not arrive. */
export interface Loss {
  /**
   * The answer to the client's turn of this number: it speaks again after the server has. A client that logs
   * in and pays speaks three times: prelude and first handshake message; last handshake message and login;
   * pay.
   */
  readonly turn: number;
  /** On how many connections, from the first on; all if nothing is said. */
  readonly times?: number;
}

/**
 * A network that passes on everything until an answer comes that is to be lost, and then cuts both ends.
 * @returns its port
 */
export async function loseAnswer(t: TestContext, target: number, loss: Loss): Promise<number> {
  return start(t, target, loss, (passage) => passage.cut());
}

/** A network that passes on everything until an answer comes that it keeps, with all that follows. */
export async function holdAnswer(
  t: TestContext,
  target: number,
  loss: Loss,
): Promise<{ readonly port: number; readonly held: Promise<void> }> {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const port = await start(t, target, loss, () => resolve());
  return { port, held };
}

async function start(
  t: TestContext,
  target: number,
  { turn, times = Number.POSITIVE_INFINITY }: Loss,
  lose: (passage: Passage) => void,
): Promise<number> {
  const through = (passage: Passage): Traffic => {
    let turns = 0;
    let clientSpeaks = false;
    return (from, bytes) => {
      if (from === 'client' && !clientSpeaks) {
        turns += 1;
      }
      clientSpeaks = from === 'client';
      if (from === 'server' && passage.number <= times && turns >= turn) {
        lose(passage);
      } else {
        passage.pass(from, bytes);
      }
    };
  };
  const proxy = await TcpProxy.start(target, { through });
  t.after(() => proxy.stop());
  return proxy.port;
}
