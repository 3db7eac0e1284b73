/**
 * What a server tells Prometheus. Names and labels are fixed: none says who somebody is, or what a client
 * made up.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { HistogramReading } from '../../hub/index.ts';
import { exposition, type Metric, type Sample } from './exposition.ts';
import { LoopDelayMonitor } from './loop-delay.ts';
import type { GatewayReading, HandshakeOutcome, HubThreadReading, LoopDelay, Readings } from './readings.ts';

/**
 * What Node says of the process, and of its main thread. Its observers cannot be taken down again: there is
 * one set of them.
 */
const PROCESS = new Registry();
collectDefaultMetrics({ register: PROCESS });

const QUANTILES = [
  ['0.5', 'median'],
  ['0.99', 'p99'],
  ['1', 'max'],
] as const satisfies readonly (readonly [string, keyof LoopDelay])[];

/** Of a hub that has not said anything yet. */
const NO_COMMITS: HistogramReading = { bounds: [], counts: [0], sum: 0 };

/** What the books held when they could last be read. */
type Totals = { readonly [Total in 'accounts' | 'circulation']: number };

/** The metrics of one server; each scrape shows what the threads say at that moment. */
export class Metrics {
  readonly #mainDelay = new LoopDelayMonitor();
  #totals: Totals = { accounts: 0, circulation: 0 };

  /** The media type of {@link text}. */
  get contentType(): string {
    return PROCESS.contentType;
  }

  /** Prometheus's text format. */
  async text(readings: Readings): Promise<string> {
    const { hub } = readings;
    const gateways = readings.gateways.filter((gateway) => gateway !== undefined);
    const { accounts = this.#totals.accounts, circulation = this.#totals.circulation } = hub ?? {};
    this.#totals = { accounts, circulation };
    const metrics = [
      ...connectionMetrics(gateways),
      ...commandMetrics(hub),
      ...queueMetrics(gateways, hub),
      ...threadMetrics(readings, this.#mainDelay.reading()),
      ...booksMetrics(this.#totals, hub),
    ];
    return `${exposition(metrics)}\n${await PROCESS.metrics()}`;
  }

  /** Lets go of what keeps watching. */
  stop(): void {
    this.#mainDelay.stop();
  }
}

function connectionMetrics(gateways: readonly GatewayReading[]): Metric[] {
  const outcomes = new Map<HandshakeOutcome, number>();
  for (const { handshakes } of gateways) {
    for (const [outcome, count] of Object.entries(handshakes) as [HandshakeOutcome, number][]) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
    }
  }
  return [
    gauge('farthing_connections', 'Links that are open.', sum(gateways, 'links')),
    {
      type: 'counter',
      name: 'farthing_handshakes_total',
      help: 'Connections by how their handshake came out: ok, or why there was no link.',
      samples: [...outcomes].map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
  ];
}

function commandMetrics(hub: HubThreadReading | undefined): Metric[] {
  const { answers = [], payments = 0, failedCommits = 0 } = hub ?? {};
  return [
    {
      type: 'counter',
      name: 'farthing_commands_total',
      help: 'Answered requests by method and code; 100 is success, unknown is every method that does not exist.',
      samples: answers.map(({ method, code, count }) => ({
        labels: { method, code: String(code) },
        value: count,
      })),
    },
    {
      type: 'counter',
      name: 'farthing_payments_total',
      help: 'Orders carried out; one sent again is not counted again.',
      samples: [{ value: payments }],
    },
    {
      type: 'counter',
      name: 'farthing_commit_failures_total',
      help: 'Batches that could not be written, so that every request in them was refused.',
      samples: [{ value: failedCommits }],
    },
    {
      type: 'histogram',
      name: 'farthing_commit_transfers',
      help: 'Transfers in one commit.',
      reading: hub?.commitTransfers ?? NO_COMMITS,
    },
    {
      type: 'histogram',
      name: 'farthing_commit_seconds',
      help: 'How long a commit of transfers took.',
      reading: hub?.commitSeconds ?? NO_COMMITS,
    },
  ];
}

function queueMetrics(gateways: readonly GatewayReading[], hub: HubThreadReading | undefined): Metric[] {
  const depth = (queue: string, value: number): Sample => ({ labels: { queue }, value });
  return [
    {
      type: 'gauge',
      name: 'farthing_queue_depth',
      help: 'What waits: handshakes to be finished, requests to be answered, inputs to be executed by the hub.',
      samples: [
        depth('handshakes', sum(gateways, 'opening')),
        depth('requests', sum(gateways, 'openRequests')),
        ...(hub === undefined ? [] : [depth('hub', hub.waiting)]),
      ],
    },
    gauge(
      'farthing_queued_bytes',
      'Bytes that clients have not taken from the server yet.',
      sum(gateways, 'queuedBytes'),
    ),
  ];
}

function threadMetrics({ hub, gateways, late }: Readings, mainDelay: LoopDelay): Metric[] {
  const threads: readonly (readonly [name: string, delay: LoopDelay | undefined])[] = [
    ['main', mainDelay],
    ['hub', hub?.delay],
    ...gateways.map((gateway, index) => [`gateway-${index}`, gateway?.delay] as const),
  ];
  return [
    {
      type: 'gauge',
      name: 'farthing_event_loop_delay_seconds',
      help: 'How late a thread was with what was due, since the last scrape; quantile 1 is the worst.',
      samples: threads.flatMap(([thread, delay]) =>
        delay === undefined
          ? []
          : QUANTILES.map(([quantile, key]) => ({ labels: { thread, quantile }, value: delay[key] })),
      ),
    },
    {
      type: 'gauge',
      name: 'farthing_thread_late',
      help: 'Whether a thread was too busy to be asked: 1, and what is said of it is from an earlier scrape.',
      samples: threads.map(([thread]) => ({ labels: { thread }, value: late.includes(thread) ? 1 : 0 })),
    },
  ];
}

function booksMetrics({ accounts, circulation }: Totals, hub: HubThreadReading | undefined): Metric[] {
  return [
    gauge('farthing_accounts', 'Registered accounts.', accounts),
    gauge('farthing_accounts_online', 'Accounts that are logged in.', hub?.online ?? 0),
    gauge('farthing_circulation_minor_units', 'Money in the hands of people, minor units.', circulation),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { type: 'gauge', name, help, samples: [{ value }] };
}

function sum(
  gateways: readonly GatewayReading[],
  key: 'links' | 'opening' | 'openRequests' | 'queuedBytes',
): number {
  return gateways.reduce((total, gateway) => total + gateway[key], 0);
}
