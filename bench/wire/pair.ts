import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LoadOrder, LoadResult } from './load.process.ts';
import type { ServerOrder, ServerReading } from './server.process.ts';
import { TRANSPORTS } from './transports.ts';

/**
 * The young generation has from the beginning the size (MiB) that it would grow to in use: else that growth,
 * which is no connection's, would be measured as memory of idle ones.
 */
const FLAGS = ['--expose-gc', '--min-semi-space-size=16', '--max-semi-space-size=16'];

/** What the server did during one order to the load. */
export interface Measured {
  readonly load: LoadResult;
  /** CPU time of the server process meanwhile, µs. */
  readonly cpuUs: number;
  /** Bytes of messages that came meanwhile. */
  readonly received: number;
}

/** A server process and a load process of one contender, on 127.0.0.1. */
export class Pair {
  readonly #server: ChildProcess;
  readonly #load: ChildProcess;

  private constructor(server: ChildProcess, load: ChildProcess) {
    this.#server = server;
    this.#load = load;
  }

  /**
   * Starts both and opens that many connections. `echo` false: the server takes what comes and says nothing.
   */
  static async start(
    key: keyof typeof TRANSPORTS & string,
    { connections = 0, echo = true }: { readonly connections?: number; readonly echo?: boolean } = {},
  ): Promise<Pair> {
    const transport = TRANSPORTS[key];
    if (transport === undefined) {
      throw new Error(`no transport ${key}`);
    }
    const credentials = await transport.credentials();
    const pair = new Pair(startProcess('server'), startProcess('load'));
    const { port } = await ask<{ port: number }>(pair.#server, {
      do: 'listen',
      transport: key,
      credentials,
      echo,
    });
    await ask(pair.#load, { do: 'aim', transport: key, credentials, port });
    await pair.open(connections);
    return pair;
  }

  /** Opens so many connections more, which stay open. */
  async open(connections: number): Promise<void> {
    await ask(this.#load, { do: 'open', connections });
  }

  /** Has the load carry out an order, and reads the server's figures before and after. */
  async measure(order: LoadOrder): Promise<Measured> {
    const before = await this.read();
    const load = await ask<LoadResult>(this.#load, order);
    const after = await this.read();
    return { load, cpuUs: after.cpuUs - before.cpuUs, received: after.received - before.received };
  }

  /** The server's figures of now; of its memory after a garbage collection, where `collect` says so. */
  read({ collect = false } = {}): Promise<ServerReading> {
    return ask<ServerReading>(this.#server, { do: 'read', collect });
  }

  /** Ends both processes, which leave by themselves when nobody speaks to them any more. */
  async close(): Promise<void> {
    const ended = [once(this.#load, 'exit'), once(this.#server, 'exit')];
    this.#load.disconnect();
    this.#server.disconnect();
    await Promise.all(ended);
  }
}

function startProcess(name: 'server' | 'load'): ChildProcess {
  const file = new URL(`${name}.process.ts`, import.meta.url);
  return fork(file, { execArgv: [...FLAGS, ...process.execArgv] });
}

/** Sends an order and waits for its answer. Throws when the process ends instead. */
async function ask<Answer>(child: ChildProcess, order: ServerOrder | LoadOrder): Promise<Answer> {
  const over = new AbortController();
  const ended = once(child, 'exit', over).then(([code]) => {
    throw new Error(`a process of the benchmark ended (${code}) while it was asked to ${order.do}`);
  });
  const answer = once(child, 'message', over);
  child.send(order);
  try {
    const [message] = await Promise.race([answer, ended]);
    return message as Answer;
  } finally {
    answer.catch(() => {});
    ended.catch(() => {});
    over.abort();
  }
}
