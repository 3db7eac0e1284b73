import type { Connection, Credentials } from './connection.ts';
import { Latencies, type Percentiles } from './latencies.ts';
import { TRANSPORTS } from './transports.ts';

/** What the load process is told. */
export type LoadOrder =
  | {
      readonly do: 'aim';
      readonly transport: string;
      readonly credentials: Credentials;
      readonly port: number;
    }
  | { readonly do: 'open'; readonly connections: number }
  | {
      readonly do: 'echo';
      readonly seconds: number;
      readonly depth: number;
      readonly size: number;
      readonly connections: number;
    }
  | { readonly do: 'handshake'; readonly seconds: number; readonly atOnce: number }
  | { readonly do: 'bulk'; readonly seconds: number; readonly size: number };

/** What it answers: how much was done, in how long. */
export interface LoadResult extends Percentiles {
  readonly operations: number;
  readonly seconds: number;
}

/** How many connections are made at a time while many are opened. */
const OPENING_AT_ONCE = 32;

/** Bytes of the one echo of a handshake round. */
const GREETING = new Uint8Array(64).fill(1);

/** Set by `aim`, once, before anything else. */
let connect: () => Promise<Connection>;
const connections: Connection[] = [];

process.on('message', (order: LoadOrder) => {
  void carryOut(order).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function carryOut(order: LoadOrder): Promise<LoadResult | Record<string, never>> {
  switch (order.do) {
    case 'aim':
      return aim(order);
    case 'open':
      return open(order.connections);
    case 'echo':
      return echo(order);
    case 'handshake':
      return handshake(order);
    case 'bulk':
      return bulk(order);
  }
}

function aim({ transport, credentials, port }: LoadOrder & { do: 'aim' }): Record<string, never> {
  const found = TRANSPORTS[transport];
  if (found === undefined) {
    throw new Error(`no transport ${transport}`);
  }
  connect = () => found.connect(credentials, port);
  return {};
}

async function open(more: number): Promise<Record<string, never>> {
  let left = more;
  const lane = async () => {
    while (left > 0) {
      left--;
      connections.push(await connect());
    }
  };
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, lane));
  return {};
}

/**
 * Keeps `depth` messages in flight on each of the first connections; an answer is followed by the next
 * message.
 */
function echo({ seconds, depth, size, connections: count }: LoadOrder & { do: 'echo' }): Promise<LoadResult> {
  const message = new Uint8Array(size).fill(1);
  const latencies = new Latencies();
  const began = performance.now();
  const until = began + seconds * 1000;
  const lanes = connections.slice(0, count).map(
    (connection) =>
      new Promise<void>((resolve) => {
        const sentAt: number[] = Array<number>(depth).fill(began);
        let at = 0;
        let open = depth;
        connection.onMessage = () => {
          const now = performance.now();
          latencies.add(now - (sentAt[at] ?? 0));
          if (now < until) {
            sentAt[at] = now;
            connection.send(message);
          } else if (--open === 0) {
            resolve();
          }
          at = (at + 1) % depth;
        };
        for (let i = 0; i < depth; i++) {
          connection.send(message);
        }
      }),
  );
  return Promise.all(lanes).then(() => latencies.result(began));
}

/** Connects, handshakes, has one message echoed, closes; over and over, `atOnce` at a time. */
async function handshake({ seconds, atOnce }: LoadOrder & { do: 'handshake' }): Promise<LoadResult> {
  const latencies = new Latencies();
  const began = performance.now();
  const until = began + seconds * 1000;
  const lane = async () => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      const connection = await connect();
      await new Promise<void>((resolve) => {
        connection.onMessage = () => connection.close();
        connection.onClose = resolve;
        connection.send(GREETING);
      });
      latencies.add(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return latencies.result(began);
}

/**
 * Sends as fast as the other end takes it. Operations are messages handed over, which the server counts
 * better.
 */
function bulk({ seconds, size }: LoadOrder & { do: 'bulk' }): Promise<LoadResult> {
  const message = new Uint8Array(size).fill(1);
  const latencies = new Latencies();
  const began = performance.now();
  const until = began + seconds * 1000;
  const [connection] = connections;
  if (connection === undefined) {
    throw new Error('no connection is open');
  }
  return new Promise((resolve) => {
    const fill = () => {
      if (performance.now() >= until) {
        connection.onDrain = () => {};
        resolve(latencies.result(began));
        return;
      }
      while (connection.send(message)) {}
    };
    connection.onDrain = fill;
    fill();
  });
}
