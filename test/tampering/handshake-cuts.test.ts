import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { connect, type Link, LinkError, type Listener, listen } from '../../src/link/index.ts';
import type { Suite } from '../link/support/internals.ts';
import { bytes, initiatorOptions, responderOptions } from '../link/support/pipe.ts';
import { other, type Side } from './siege.ts';

/** Where a relay cuts a connection: after that many bytes from that side. */
interface Cut {
  readonly from: Side;
  readonly at: number;
  /** With an orderly end of the TCP stream, or with a reset. */
  readonly reset: boolean;
}

const NEVER: Cut = { from: 'initiator', at: Number.POSITIVE_INFINITY, reset: false };

let listener: Listener;
before(async () => {
  listener = await listen({ host: '127.0.0.1', port: 0, ...responderOptions() });
});
after(() => listener.close());

/** A whole life of a link over TCP: handshake, a message and its echo, CLOSE from both; unless it is cut. */
async function live(
  suite: Suite,
  cut: Cut,
): Promise<Record<Side, string> & { passed: Record<Side, number> }> {
  const relay = new Relay(cut);
  const port = await relay.start(listener.port);
  const accepted = new Promise<string>((resolve) => {
    listener.once('link', (link) => {
      listener.removeAllListeners('failed');
      link.on('message', (body) => link.send(body.slice()));
      resolve(ending(link));
    });
    listener.once('failed', (error) => {
      listener.removeAllListeners('link');
      resolve(error.code);
    });
  });
  const initiator = await speak(suite, port);
  const responder = await accepted;
  relay.stop();
  return { initiator, responder, passed: relay.passed };
}

async function speak(suite: Suite, port: number): Promise<string> {
  try {
    const link = await connect({ host: '127.0.0.1', port, ...initiatorOptions({ suite }) });
    const ended = ending(link);
    link.on('message', () => {});
    link.send(bytes('hello'));
    void link.close();
    return await ended;
  } catch (error) {
    assert.ok(error instanceof LinkError);
    return error.code;
  }
}

async function ending(link: Link): Promise<string> {
  const [error] = (await once(link, 'close')) as [LinkError | undefined];
  return error === undefined ? 'closed by both' : error.code;
}

/** A man in the middle who only listens, and cuts. */
class Relay {
  readonly passed: Record<Side, number> = { initiator: 0, responder: 0 };
  readonly #cut: Cut;
  readonly #sockets: Socket[] = [];
  readonly #server: Server = createServer({ noDelay: true, allowHalfOpen: true });

  constructor(cut: Cut) {
    this.#cut = cut;
  }

  /** Returns the port to connect to instead of `port`. */
  async start(port: number): Promise<number> {
    this.#server.listen(0, '127.0.0.1').once('connection', (near) => {
      const far = connectSocket({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
      this.#sockets.push(near, far);
      this.#forward('initiator', near, far);
      this.#forward('responder', far, near);
    });
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #forward(side: Side, from: Socket, to: Socket): void {
    from.on('error', () => to.destroy());
    from.on('end', () => to.end());
    from.on('data', (chunk: Buffer) => {
      const left = this.#cut.from === side ? this.#cut.at - this.passed[side] : Number.POSITIVE_INFINITY;
      const part = chunk.subarray(0, Math.min(chunk.length, left));
      this.passed[side] += part.length;
      to.write(part, () => {
        if (part.length === left) {
          this.#break(from, to);
        }
      });
    });
  }

  #break(from: Socket, to: Socket): void {
    from.destroy();
    if (this.#cut.reset) {
      to.resetAndDestroy();
    } else {
      to.end();
    }
  }
}

for (const [suite, stride] of [
  ['XX', 1],
  ['XXhfs', 19],
] as const) {
  const how = stride === 1 ? 'each byte' : `every ${stride}th byte`;
  test(`${suite}: a connection cut after ${how}, in either direction, is never a clean close`, async (t) => {
    const uncut = await live(suite, NEVER);
    assert.deepEqual([uncut.initiator, uncut.responder], ['closed by both', 'closed by both']);
    let cases = 0;
    for (const from of ['initiator', 'responder'] as const) {
      for (let at = 0; at < uncut.passed[from]; at += stride) {
        const outcome = await live(suite, { from, at, reset: at % 2 === 1 });
        const what = `cut after ${at} bytes from the ${from}`;
        assert.equal(outcome[other(from)], 'truncated', what);
        // The responder may have heard and said all before its own CLOSE is cut off.
        if (from === 'initiator') {
          assert.equal(outcome.initiator, 'truncated', what);
        }
        cases++;
      }
    }
    t.diagnostic(`${cases} cases`);
  });
}
