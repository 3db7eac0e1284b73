import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { AuditReport } from '../ledger/index.ts';
import { reachableHost, serverAddress } from './address.ts';
import { ServerError } from './errors.ts';
import type { ServerEvent, UnnumberedEvent } from './events.ts';
import type { GatewayThreadOrder, GatewayThreadReport } from './gateway-thread.ts';
import type { HubThreadOrder, HubThreadReport } from './hub-thread.ts';
import { GATEWAY_STOP_DEADLINE_MS, STOP_DEADLINE_MS } from './limits.ts';
import type { Thread } from './thread.ts';

export type HubThread = Thread<HubThreadOrder, HubThreadReport>;
export type GatewayThread = Thread<GatewayThreadOrder, GatewayThreadReport>;

/** What a {@link Server} emits. */
export interface ServerEvents {
  /** Something happened. */
  event: [event: ServerEvent];
  /** A thread ended on an error of its own, and the server has stopped. Every answer that was given is on disk. */
  failed: [error: ServerError];
}

/** The parts of a running server, as {@link startServer} has put them together. */
export interface ServerParts {
  readonly host: string;
  readonly port: number;
  readonly publicKey: Uint8Array;
  readonly hub: HubThread;
  readonly gateways: readonly GatewayThread[];
}

/** A running server, as its main thread sees it. */
export class Server extends EventEmitter<ServerEvents> {
  /** The address that it listens on; `::` for all of the machine. */
  readonly host: string;
  readonly port: number;
  /** 32 bytes: the static key by which clients know it. */
  readonly key: Uint8Array;
  /** `farthing://host:port#<64 hex>`: what it publishes. */
  readonly address: string;
  /** Gateway threads. */
  readonly workers: number;
  readonly #hub: HubThread;
  readonly #gateways: readonly GatewayThread[];
  readonly #audits = new Map<number, PromiseWithResolvers<AuditReport>>();
  #messages = 0;
  #tickets = 0;
  #stopped: Promise<void> | undefined;
  #failure: ServerError | undefined;

  constructor({ host, port, publicKey, hub, gateways }: ServerParts) {
    super();
    this.host = host;
    this.port = port;
    this.key = publicKey;
    this.address = serverAddress(reachableHost(host), port, publicKey);
    this.workers = gateways.length;
    this.#hub = hub;
    this.#gateways = gateways;
    // Whoever awaits `startServer` can attach listeners before anything is emitted.
    setImmediate(() => this.#listen());
  }

  /** Checks the books, on disk and in memory. Rejects with ServerError `data_io`, or `stopped`. */
  audit(): Promise<AuditReport> {
    if (this.#stopped !== undefined)
      return Promise.reject(new ServerError('stopped', 'the server has stopped'));
    this.#tickets += 1;
    const audit = Promise.withResolvers<AuditReport>();
    this.#audits.set(this.#tickets, audit);
    this.#hub.order({ type: 'audit', ticket: this.#tickets });
    return audit.promise;
  }

  /**
   * Accepts nothing more, answers what was taken, closes all links, and lets go of the port and the data. Resolves when
   * that is done, after at most {@link STOP_DEADLINE_MS}. May be called again.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const gateways = this.#gateways;
    await within(
      GATEWAY_STOP_DEADLINE_MS,
      Promise.all(gateways.map((gateway) => gateway.finish({ type: 'stop' }))),
    );
    await Promise.all(gateways.map((gateway) => gateway.terminate()));
    // Only now: what the gateways took is in the hub's hands, and nothing more will come.
    await within(STOP_DEADLINE_MS - GATEWAY_STOP_DEADLINE_MS, this.#hub.finish({ type: 'stop' }));
    await this.#hub.terminate();
    for (const audit of this.#audits.values())
      audit.reject(new ServerError('stopped', 'the server has stopped'));
    this.#audits.clear();
    if (this.#failure !== undefined) this.emit('failed', this.#failure);
  }

  #listen(): void {
    for (const gateway of this.#gateways) {
      gateway.listen(
        () => {},
        (error) => this.#crashed(error),
      );
    }
    this.#hub.listen(
      (report) => this.#heardHub(report),
      (error) => {
        // Nobody answers any more: links are cut, so that no client takes an end for an orderly one.
        for (const gateway of this.#gateways) void gateway.terminate();
        this.#crashed(error);
      },
    );
  }

  #heardHub(report: HubThreadReport): void {
    switch (report.type) {
      case 'events':
        for (const event of report.events) this.emit('event', this.#numbered(event));
        break;
      case 'audited':
        this.#audit(report.ticket).resolve(report.report);
        break;
      case 'not audited':
        this.#audit(report.ticket).reject(new ServerError('data_io', report.text));
    }
  }

  #numbered(event: UnnumberedEvent): ServerEvent {
    if (event.event !== 'message') return event;
    this.#messages += 1;
    const { event: what, ...rest } = event;
    return { event: what, n: this.#messages, ...rest };
  }

  #audit(ticket: number): PromiseWithResolvers<AuditReport> {
    const audit = this.#audits.get(ticket);
    assert(audit !== undefined, 'an audit has a ticket');
    this.#audits.delete(ticket);
    return audit;
  }

  #crashed(error: ServerError): void {
    this.#failure ??= error;
    void this.stop();
  }
}

/** Waits for the work, but no longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
