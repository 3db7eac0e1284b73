/** What a server tells Prometheus. Names and labels are fixed: none says who somebody is, or what a client made up. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HistogramReading } from '../../hub/index.ts';
import { LoopDelayMonitor } from './loop-delay.ts';
import type { GatewayReading, HandshakeOutcome, LoopDelay, Readings } from './readings.ts';

const QUANTILES = [
  ['0.5', 'median'],
  ['0.99', 'p99'],
  ['1', 'max'],
] as const satisfies readonly (readonly [string, keyof LoopDelay])[];

const NONE: HistogramReading = { bounds: [], counts: [0], sum: 0 };

/** What Node says of the process, and of its main thread. Its observers cannot be taken down again: there is one set of them. */
const PROCESS = new Registry();
collectDefaultMetrics({ register: PROCESS });

/** A histogram whose observations were counted elsewhere. */
class CountedHistogram extends Histogram {
  declare readonly name: string;
  declare readonly help: string;
  counted: HistogramReading | undefined;

  /** What the registry asks for when it writes text. */
  getForPromString() {
    const { bounds, counts, sum } = this.counted ?? NONE;
    const values: { metricName: string; labels: { le?: string }; value: number }[] = [];
    let count = 0;
    for (const [place, here] of counts.entries()) {
      count += here;
      const le = bounds[place] ?? '+Inf';
      values.push({ metricName: `${this.name}_bucket`, labels: { le: String(le) }, value: count });
    }
    values.push({ metricName: `${this.name}_sum`, labels: {}, value: sum });
    values.push({ metricName: `${this.name}_count`, labels: {}, value: count });
    return { name: this.name, help: this.help, type: 'histogram', values };
  }
}

/** The registry of one server; each scrape shows what the threads say at that moment. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #mainDelay = new LoopDelayMonitor();
  readonly #connections = this.#gauge('farthing_connections', 'Links that are open.');
  readonly #handshakes = this.#counter(
    'farthing_handshakes_total',
    'Connections by how their handshake came out: ok, or why there was no link.',
    ['outcome'],
  );
  readonly #commands = this.#counter(
    'farthing_commands_total',
    'Answered requests by method and code; 100 is success, unknown is every method that does not exist.',
    ['method', 'code'],
  );
  readonly #payments = this.#counter(
    'farthing_payments_total',
    'Orders carried out; one sent again is not counted again.',
  );
  readonly #failedCommits = this.#counter(
    'farthing_commit_failures_total',
    'Batches that could not be written, so that every request in them was refused.',
  );
  readonly #commitTransfers = this.#histogram('farthing_commit_transfers', 'Transfers in one commit.');
  readonly #commitSeconds = this.#histogram(
    'farthing_commit_seconds',
    'How long a commit of transfers took.',
  );
  readonly #queues = this.#gauge(
    'farthing_queue_depth',
    'What waits: handshakes to be finished, requests to be answered, inputs to be executed by the hub.',
    ['queue'],
  );
  readonly #queuedBytes = this.#gauge(
    'farthing_queued_bytes',
    'Bytes that clients have not taken from the server yet.',
  );
  readonly #delay = this.#gauge(
    'farthing_event_loop_delay_seconds',
    'How late a thread was with what was due, since the last scrape; quantile 1 is the worst.',
    ['thread', 'quantile'],
  );
  readonly #late = this.#gauge(
    'farthing_thread_late',
    'Whether a thread was too busy to be asked: 1, and what is said of it is from an earlier scrape.',
    ['thread'],
  );
  readonly #accounts = this.#gauge('farthing_accounts', 'Registered accounts.');
  readonly #online = this.#gauge('farthing_accounts_online', 'Accounts that are logged in.');
  readonly #circulation = this.#gauge(
    'farthing_circulation_minor_units',
    'Money in the hands of people, minor units.',
  );

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Prometheus's text format. */
  async text(readings: Readings): Promise<string> {
    this.#setGateways(readings.gateways.filter((gateway) => gateway !== undefined));
    this.#setHub(readings.hub);
    this.#setThreads(readings);
    return `${await this.#registry.metrics()}\n${await PROCESS.metrics()}`;
  }

  /** Lets go of what keeps watching. */
  stop(): void {
    this.#mainDelay.stop();
  }

  #setGateways(gateways: readonly GatewayReading[]): void {
    const sum = (of: (gateway: GatewayReading) => number): number =>
      gateways.reduce((total, gateway) => total + of(gateway), 0);
    this.#connections.set(sum(({ links }) => links));
    this.#queues.set(
      { queue: 'handshakes' },
      sum(({ opening }) => opening),
    );
    this.#queues.set(
      { queue: 'requests' },
      sum(({ openRequests }) => openRequests),
    );
    this.#queuedBytes.set(sum(({ queuedBytes }) => queuedBytes));
    this.#handshakes.reset();
    for (const { handshakes } of gateways) {
      for (const [outcome, count] of Object.entries(handshakes) as [HandshakeOutcome, number][])
        this.#handshakes.inc({ outcome }, count);
    }
  }

  #setHub(hub: Readings['hub']): void {
    if (hub === undefined) return;
    this.#commands.reset();
    for (const { method, code, count } of hub.answers) this.#commands.inc({ method, code }, count);
    set(this.#payments, hub.payments);
    set(this.#failedCommits, hub.failedCommits);
    this.#commitTransfers.counted = hub.commitTransfers;
    this.#commitSeconds.counted = hub.commitSeconds;
    this.#queues.set({ queue: 'hub' }, hub.waiting);
    this.#online.set(hub.online);
    if (hub.accounts !== undefined) this.#accounts.set(hub.accounts);
    if (hub.circulation !== undefined) this.#circulation.set(hub.circulation);
  }

  #setThreads({ hub, gateways, late }: Readings): void {
    this.#delay.reset();
    this.#setThread('main', this.#mainDelay.reading(), false);
    this.#setThread('hub', hub?.delay, late.includes('hub'));
    for (const [index, gateway] of gateways.entries()) {
      const name = `gateway-${index}`;
      this.#setThread(name, gateway?.delay, late.includes(name));
    }
  }

  #setThread(thread: string, delay: LoopDelay | undefined, late: boolean): void {
    this.#late.set({ thread }, late ? 1 : 0);
    if (delay === undefined) return;
    for (const [quantile, key] of QUANTILES) this.#delay.set({ thread, quantile }, delay[key]);
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string): CountedHistogram {
    return new CountedHistogram({ name, help, registers: [this.#registry] });
  }

  #counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }
}

/** A counter that was counted elsewhere. */
function set(counter: Counter, value: number): void {
  counter.reset();
  counter.inc(value);
}
