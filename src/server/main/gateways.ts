import { MessageChannel } from 'node:worker_threads';
import { claimPort, listen } from '../../link/index.ts';
import { ServerError } from '../../operator/index.ts';
import { systemCode } from '../../system/errors.ts';
import type { FromGatewayThread, GatewayThreadData } from '../gateway/messages.ts';
import { forgetGateway, lastConn } from '../gateway/shared-counts.ts';
import { MAX_RESTARTS, RESTART_PERIOD_MS } from '../limits.ts';
import { listenError } from '../listen-error.ts';
import type { GatewayReading } from '../metrics/readings.ts';
import { type GatewayThread, type HubThread, Thread } from './worker-thread.ts';

/** What all gateways of a server are started with. */
export type CommonData = Omit<GatewayThreadData, 'gateway' | 'hub' | 'shared'>;

type Listening = Extract<FromGatewayThread, { readonly type: 'listening' }>;

/** What is heard of the gateways. */
export interface GatewayListener {
  reading(gateway: number, reading: GatewayReading): void;
  /** A gateway counts from nothing now. */
  restarted(gateway: number): void;
  warning(text: string): void;
  /** One has ended on an error, and cannot or must not be started again. */
  failed(error: ServerError): void;
}

/** The threads that hold the links: how they are started, and one of them again. */
export class Gateways {
  /** In the order of their numbers; one that is started again takes its place. */
  readonly threads: GatewayThread[] = [];
  readonly #common: CommonData;
  readonly #hub: Pick<HubThread, 'post'>;
  #port: number;
  #shared = false;
  /** When gateways have ended on an error, in ms. */
  #crashes: number[] = [];
  #ending = false;

  constructor(common: CommonData, hub: Pick<HubThread, 'post'>) {
    this.#common = common;
    this.#hub = hub;
    this.#port = common.port;
  }

  /**
   * Starts one for each channel to the hub. The first chooses the port where the system is to choose; the
   * others, where the system can do that, share it. What has been started is in `threads`, also when it
   * throws.
   *
   * @throws ServerError `port_in_use`, `port_forbidden`, `bad_address`, `crashed`
   */
  async start(channels: readonly MessageChannel[]): Promise<{ host: string; port: number }> {
    this.#shared = channels.length > 1;
    // A port that the system chooses is nobody else's.
    if (!this.#shared || this.#port === 0) {
      return this.#startAll(channels);
    }
    const claim = await this.#explained(claimPort(this.#port));
    try {
      await this.#requireFreePort();
      return await this.#startAll(channels);
    } finally {
      claim.release();
    }
  }

  /** Where what is heard of them goes. A gateway that ends on an error is started again from now on. */
  listen(listener: GatewayListener): void {
    for (const index of this.threads.keys()) {
      this.#hear(index, listener);
    }
  }

  /** They accept nothing more, answer what they took and close their links. Resolves when all have ended. */
  async finish(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.threads.map((gateway) => gateway.finish({ type: 'stop' })));
  }

  /** Ends them at once. */
  async terminate(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.threads.map((gateway) => gateway.terminate()));
  }

  #hear(index: number, listener: GatewayListener): void {
    this.threads[index]?.listen(
      (message) => {
        if (message.type === 'reading') {
          listener.reading(index, message.reading);
        } else if (message.type === 'warning') {
          listener.warning(message.text);
        }
      },
      (error) => void this.#crashed(index, error, listener),
    );
  }

  /** An error that met one gateway ends the links of that one. Errors that come on and on end the server. */
  async #crashed(index: number, error: ServerError, listener: GatewayListener): Promise<void> {
    if (this.#ending) {
      listener.warning(`${error.message}; its links are cut`);
      return;
    }
    const now = performance.now();
    this.#crashes = this.#crashes.filter((at) => now - at < RESTART_PERIOD_MS);
    if (this.#crashes.push(now) > MAX_RESTARTS) {
      listener.failed(error);
      return;
    }
    listener.warning(`${error.message}; its links are cut, and it is started again`);
    try {
      await this.#restart(index);
      if (this.#ending) {
        return;
      }
      this.#hear(index, listener);
      listener.restarted(index);
    } catch (cause) {
      if (!this.#ending) {
        listener.failed(cause instanceof ServerError ? cause : error);
      }
    }
  }

  /**
   * The hub carries out what the old one had posted, ends its sessions, and tells the new one who is online.
   */
  async #restart(gateway: number): Promise<void> {
    const { counts } = this.#common;
    await this.threads[gateway]?.exited;
    if (this.#ending) {
      return;
    }
    forgetGateway(counts, gateway);
    const { port1, port2 } = new MessageChannel();
    this.#hub.post({ type: 'renew', gateway, lastConn: lastConn(counts), port: port1 }, [port1]);
    await this.#startOne(gateway, port2);
  }

  async #startAll(channels: readonly MessageChannel[]): Promise<{ host: string; port: number }> {
    const ports = channels.map(({ port2 }) => port2);
    const [firstPort, ...others] = ports;
    if (firstPort === undefined) {
      throw new RangeError('no gateways');
    }
    const first = await this.#startOne(0, firstPort);
    this.#port = first.port;
    this.#shared = first.shared;
    if (first.shared) {
      await Promise.all(others.map((port, index) => this.#startOne(index + 1, port)));
    }
    // A port that nobody reads would keep everything that is told to all gateways.
    else {
      for (const port of others) {
        port.close();
      }
    }
    return first;
  }

  async #startOne(gateway: number, hub: GatewayThreadData['hub']): Promise<Listening> {
    const data: GatewayThreadData = {
      ...this.#common,
      port: this.#port,
      gateway,
      hub,
      shared: this.#shared,
    };
    const thread: GatewayThread = new Thread('gateway-thread', data, [hub]);
    this.threads[gateway] = thread;
    const first = await thread.next();
    if (first.type === 'listening') {
      return first;
    }
    if (first.type !== 'failed') {
      throw new RangeError(`a gateway began with ${first.type}`);
    }
    throw listenError(first.code, this.#common.host, this.#port);
  }

  /** Listeners that share a port would share it with another server too: first nobody at all may be there. */
  async #requireFreePort(): Promise<void> {
    const { host, staticKeys } = this.#common;
    const where = { port: this.#port, ...(host === undefined ? {} : { host }) };
    const probe = await this.#explained(
      listen({ ...where, purpose: 'server', staticKeys, payload: new Uint8Array(0), admit: () => false }),
    );
    probe.close();
  }

  async #explained<T>(listening: Promise<T>): Promise<T> {
    try {
      return await listening;
    } catch (error) {
      throw listenError(systemCode(error), this.#common.host, this.#port);
    }
  }
}
