import type { Connection, Credentials } from './connection.ts';
import { TRANSPORTS } from './transports.ts';

/** What the server process is told. */
export type ServerOrder =
  | {
      readonly do: 'listen';
      readonly transport: string;
      readonly credentials: Credentials;
      readonly echo: boolean;
    }
  | { readonly do: 'read'; readonly collect?: boolean };

/** What it answers to `read`: its own figures since it started. */
export interface ServerReading {
  /** CPU time of the process, user and system, µs. */
  readonly cpuUs: number;
  /** Bytes of messages that have come. */
  readonly received: number;
  /** Resident memory, B; after a garbage collection where that was asked for. */
  readonly residentBytes: number;
}

let received = 0;

process.on('message', (order: ServerOrder) => {
  if (order.do === 'listen') {
    void listen(order);
  } else {
    process.send?.(reading(order.collect));
  }
});

async function listen({ transport, credentials, echo }: ServerOrder & { do: 'listen' }): Promise<void> {
  const serve = echo ? serveEcho : serveSink;
  const found = TRANSPORTS[transport];
  if (found === undefined) {
    throw new Error(`no transport ${transport}`);
  }
  process.send?.({ port: await found.listen(credentials, serve) });
}

function serveEcho(connection: Connection): void {
  connection.onMessage = (message) => {
    received += message.length;
    connection.send(message);
  };
}

function serveSink(connection: Connection): void {
  connection.onMessage = (message) => {
    received += message.length;
  };
}

function reading(collect = false): ServerReading {
  const { user, system } = process.cpuUsage();
  if (collect) {
    globalThis.gc?.();
    globalThis.gc?.();
  }
  return { cpuUs: user + system, received, residentBytes: process.memoryUsage.rss() };
}

process.on('disconnect', () => process.exit(0));
