import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { AccountReport, OperationOutcome, ServerEvent, UnnumberedEvent } from '../../hub/index.ts';
import type { AuditReport, Operation } from '../../ledger/index.ts';
import type { ControlSocket } from '../../operator/index.ts';
import { answerControl, type Controlled, ServerError, type ServerStatus } from '../../operator/index.ts';
import { formatAddress } from '../../protocol/index.ts';
import type { FromHubThread, Inquiry, InquiryAnswer, InquiryAnswers } from '../hub-thread/messages.ts';
import { CONTROL_STOP_DEADLINE_MS, GATEWAY_STOP_DEADLINE_MS, STOP_DEADLINE_MS } from '../limits.ts';
import type { MetricsEndpoint } from '../metrics/endpoint.ts';
import type { Readings } from '../metrics/readings.ts';
import type { ThreadReadings } from '../metrics/thread-readings.ts';
import { DescriptorWatch } from './descriptors.ts';
import type { Gateways } from './gateways.ts';
import { reachableHost } from './reachable-host.ts';
import { serverStatus } from './status.ts';
import { Tickets } from './tickets.ts';
import type { HubThread } from './worker-thread.ts';

/** What the stop of the others leaves, in ms, for closing the ledger. */
const HUB_STOP_DEADLINE_MS = STOP_DEADLINE_MS - CONTROL_STOP_DEADLINE_MS - GATEWAY_STOP_DEADLINE_MS;

/** What a {@link Server} emits. */
export interface ServerEvents {
  /** Something happened. */
  event: [event: ServerEvent];
  /**
   * A thread ended on an error of its own, and the server has stopped. Every answer that was given is on
   * disk.
   */
  failed: [error: ServerError];
}

/** The parts of a running server, as {@link startServer} has put them together. */
export interface ServerParts {
  readonly host: string;
  readonly port: number;
  readonly publicKey: Uint8Array;
  readonly hub: HubThread;
  readonly gateways: Gateways;
  readonly readings: ThreadReadings;
  readonly metrics: MetricsEndpoint | undefined;
  /** Where the operator's commands come in, if they can. */
  readonly control: ControlSocket | undefined;
  readonly dataDir: string;
  readonly version: string;
  /** What the operator should know of what was found at the start. */
  readonly warnings: readonly string[];
}

/** A running server, as its main thread sees it. */
export class Server extends EventEmitter<ServerEvents> implements Controlled {
  /** The address that it listens on; `::` for all of the machine. */
  readonly host: string;
  /** The port that it listens on, also where 0 was asked for. */
  readonly port: number;
  /** 32 bytes: the static key by which clients know it. */
  readonly key: Uint8Array;
  /** `farthing://host:port#<64 hex>`: what it publishes. */
  readonly address: string;
  /** Gateway threads. */
  readonly workers: number;
  /** Where Prometheus may ask for its metrics, if anywhere: `http://HOST:PORT/metrics`. */
  readonly metricsUrl: string | undefined;
  readonly #hub: HubThread;
  readonly #gateways: Gateways;
  readonly #readings: ThreadReadings;
  readonly #metrics: MetricsEndpoint | undefined;
  readonly #control: ControlSocket | undefined;
  readonly #about: { readonly version: string; readonly dataDir: string; readonly startedAt: number };
  readonly #operations = new Tickets<OperationOutcome>();
  readonly #inquiries = new Tickets<InquiryAnswer>();
  #messages = 0;
  #stopped: Promise<void> | undefined;
  #failure: ServerError | undefined;
  #descriptors: DescriptorWatch | undefined;

  /** @internal */
  constructor(parts: ServerParts) {
    super();
    const { host, port, publicKey, hub, gateways, readings, metrics, control, warnings } = parts;
    this.host = host;
    this.port = port;
    this.key = publicKey;
    this.address = formatAddress({ host: reachableHost(host), port, key: publicKey });
    this.workers = gateways.threads.length;
    this.#hub = hub;
    this.#gateways = gateways;
    this.#readings = readings;
    this.#metrics = metrics;
    this.metricsUrl = metrics?.url;
    this.#control = control;
    this.#about = { version: parts.version, dataDir: parts.dataDir, startedAt: Date.now() };
    control?.serve((line) => answerControl(line, this));
    // Whoever awaits `startServer` can attach listeners before anything is emitted.
    setImmediate(() => {
      for (const text of warnings) {
        this.#warn(text);
      }
      if (this.#stopped === undefined) {
        this.#listen();
      }
    });
  }

  /**
   * Checks the books, on disk and in memory.
   * @throws ServerError `data_io`, or `stopped`
   * @example
   * ```ts
   * const { ok, problems } = await server.audit();
   * console.log(ok, problems); // true []
   * ```
   */
  audit(): Promise<AuditReport> {
    return this.#inquire({ about: 'audit' });
  }

  /**
   * How it is doing.
   * @throws ServerError `data_io`, or `stopped`
   * @example
   * ```ts
   * const { currency, refusing } = await server.status();
   * console.log(currency.name, refusing); // dollars null
   * ```
   */
  async status(): Promise<ServerStatus> {
    const [readings, holdings] = await Promise.all([this.readings(), this.#inquire({ about: 'holdings' })]);
    const { address, workers } = this;
    const about = { ...this.#about, address, key: Buffer.from(this.key).toString('hex'), workers };
    return serverStatus(about, readings, holdings);
  }

  /**
   * Who is logged in: names, sorted.
   * @throws ServerError `stopped`
   * @example
   * ```ts
   * console.log((await server.online()).includes('bob')); // true
   * ```
   */
  online(): Promise<readonly string[]> {
    return this.#inquire({ about: 'online' });
  }

  /**
   * An account, or null where there is none of that name.
   * @throws ServerError `data_io`, or `stopped`
   * @example
   * ```ts
   * console.log((await server.account('bob'))?.frozen); // false
   * console.log(await server.account('nobody')); // null
   * ```
   */
  account(name: string): Promise<AccountReport | null> {
    return this.#inquire({ about: 'account', name });
  }

  /**
   * Does to an account what only its operator may. When this resolves, it is on disk.
   *
   * @throws ServerError `stopped`
   * @example
   * ```ts
   * import { newOrderId } from 'farthing';
   *
   * const id = newOrderId();
   * const gift = { kind: 'issue', name: 'alice', amount: 500, id, reason: 'for the cake' } as const;
   * const outcome = await server.operate(gift);
   * console.log(outcome.status); // ok
   * ```
   */
  operate(operation: Operation): Promise<OperationOutcome> {
    if (this.#stopped !== undefined) {
      return Promise.reject(stoppedError());
    }
    return this.#operations.ask((ticket) => this.#hub.post({ type: 'operate', ticket, operation }));
  }

  /**
   * What its threads have counted since it started, and what they hold now.
   *
   * @example
   * ```ts
   * const { gateways } = await server.readings();
   * console.log(gateways.length === server.workers); // true
   * ```
   */
  readings(): Promise<Readings> {
    return this.#readings.read();
  }

  /**
   * Accepts nothing more, answers what was taken, closes all links, and lets go of the port and the data.
   * Resolves when that is done, after at most `STOP_DEADLINE_MS`. May be called again.
   *
   * @example
   * ```ts
   * import { startServer } from 'farthing';
   *
   * const server = await startServer({ dataDir: folder, host: '127.0.0.1', port: 0 });
   * process.once('SIGTERM', () => void server.stop());
   * await server.stop();
   * ```
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#metrics?.stop();
    this.#descriptors?.stop();
    if (this.#control !== undefined) {
      await within(CONTROL_STOP_DEADLINE_MS, this.#control.close());
    }
    await within(GATEWAY_STOP_DEADLINE_MS, this.#gateways.finish());
    await this.#gateways.terminate();
    // Only now: what the gateways took is in the hub's hands, and nothing more will come.
    await within(HUB_STOP_DEADLINE_MS, this.#hub.finish({ type: 'stop' }));
    await this.#hub.terminate();
    this.#operations.reject(stoppedError());
    this.#inquiries.reject(stoppedError());
    if (this.#failure !== undefined) {
      this.emit('failed', this.#failure);
    }
  }

  #listen(): void {
    this.#descriptors = new DescriptorWatch((text) => this.#warn(text));
    this.#gateways.listen({
      reading: (gateway, reading) => this.#readings.heardGateway(gateway, reading),
      restarted: (gateway) => this.#readings.replacedGateway(gateway),
      warning: (text) => this.#warn(text),
      failed: (error) => this.#crashed(error),
    });
    this.#hub.listen(
      (message) => this.#heardHub(message),
      (error) => {
        // Nobody answers any more: links are cut, so that no client takes an end for an orderly one.
        void this.#gateways.terminate();
        this.#crashed(error);
      },
    );
  }

  #heardHub(message: FromHubThread): void {
    switch (message.type) {
      case 'events':
        for (const event of message.events) {
          this.emit('event', this.#numbered(event));
        }
        break;
      case 'reading':
        this.#readings.heardHub(message.reading);
        break;
      case 'operated':
        for (const { ticket, outcome } of message.operated) {
          this.#operations.answered(ticket, outcome);
        }
        break;
      case 'answered':
        this.#inquiries.answered(message.ticket, message.answer);
        break;
      case 'unanswered':
        this.#inquiries.failed(message.ticket, new ServerError('data_io', message.text));
    }
  }

  async #inquire<I extends Inquiry>(inquiry: I): Promise<InquiryAnswers[I['about']]> {
    if (this.#stopped !== undefined) {
      throw stoppedError();
    }
    const answer = await this.#inquiries.ask((ticket) =>
      this.#hub.post({ type: 'inquire', ticket, inquiry }),
    );
    assert(answer.about === inquiry.about, 'what was asked is answered');
    return answer.value as InquiryAnswers[I['about']];
  }

  #warn(text: string): void {
    this.emit('event', { event: 'warning', text });
  }

  #numbered(event: UnnumberedEvent): ServerEvent {
    if (event.event !== 'message') {
      return event;
    }
    this.#messages += 1;
    const { event: what, ...rest } = event;
    return { event: what, n: this.#messages, ...rest };
  }

  #crashed(error: ServerError): void {
    this.#failure ??= error;
    void this.stop();
  }
}

function stoppedError(): ServerError {
  return new ServerError('stopped', 'the server has stopped');
}

/** Waits for the work, but no longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
