import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HubThreadReading, Metrics, type Readings } from '../support/internals.ts';

const DELAY = { median: 0, p99: 0.0125, max: 0.25 };

const HUB: HubThreadReading = {
  answers: [
    { method: 'pay', code: 100, count: 3 },
    { method: 'unknown', code: 400, count: 2 },
  ],
  payments: 2,
  failedCommits: 1,
  commitTransfers: { bounds: [1, 4, 16], counts: [1, 2, 0, 1], sum: 42 },
  commitSeconds: { bounds: [0.0005, 5], counts: [0, 3, 1], sum: 6.0021 },
  accounts: 2,
  online: 1,
  circulation: 2_000,
  waiting: 9,
  delay: DELAY,
};

const GATEWAY = {
  links: 3,
  opening: 1,
  handshakes: { ok: 5, dropped: 1 },
  openRequests: 7,
  queuedBytes: 1_024,
  delay: DELAY,
};

/** Every metric of the server's own after these readings, by name: its lines as they are written. */
async function scrapes(...series: readonly Readings[]): Promise<Map<string, string[]>[]> {
  const metrics = new Metrics();
  try {
    const texts: string[] = [];
    for (const readings of series) {
      texts.push(await metrics.text(readings));
    }
    return texts.map(
      (text) =>
        new Map(
          text
            .split('\n\n')
            .filter((block) => block.startsWith('# HELP farthing_'))
            .map((block) => [/^# HELP (\S+) /.exec(block)?.[1] ?? '', block.split('\n')]),
        ),
    );
  } finally {
    metrics.stop();
  }
}

describe('the text that Prometheus reads', () => {
  test('has each metric with its help and type, and one value for each set of labels', async () => {
    const other = { ...GATEWAY, handshakes: { ok: 1, refused_busy: 4 } };
    const [metrics] = await scrapes({ hub: HUB, gateways: [GATEWAY, other], late: ['gateway-1'] });
    assert.deepEqual(metrics?.get('farthing_connections'), [
      '# HELP farthing_connections Links that are open.',
      '# TYPE farthing_connections gauge',
      'farthing_connections 6',
    ]);
    assert.deepEqual(metrics.get('farthing_handshakes_total')?.slice(1), [
      '# TYPE farthing_handshakes_total counter',
      'farthing_handshakes_total{outcome="ok"} 6',
      'farthing_handshakes_total{outcome="dropped"} 1',
      'farthing_handshakes_total{outcome="refused_busy"} 4',
    ]);
    assert.deepEqual(metrics.get('farthing_commands_total')?.slice(2), [
      'farthing_commands_total{method="pay",code="100"} 3',
      'farthing_commands_total{method="unknown",code="400"} 2',
    ]);
    assert.deepEqual(metrics.get('farthing_queue_depth')?.slice(2), [
      'farthing_queue_depth{queue="handshakes"} 2',
      'farthing_queue_depth{queue="requests"} 14',
      'farthing_queue_depth{queue="hub"} 9',
    ]);
    assert.deepEqual(metrics.get('farthing_thread_late')?.slice(2), [
      'farthing_thread_late{thread="main"} 0',
      'farthing_thread_late{thread="hub"} 0',
      'farthing_thread_late{thread="gateway-0"} 0',
      'farthing_thread_late{thread="gateway-1"} 1',
    ]);
    assert.deepEqual(
      metrics.get('farthing_event_loop_delay_seconds')?.filter((line) => line.includes('"hub"')),
      [
        'farthing_event_loop_delay_seconds{thread="hub",quantile="0.5"} 0',
        'farthing_event_loop_delay_seconds{thread="hub",quantile="0.99"} 0.0125',
        'farthing_event_loop_delay_seconds{thread="hub",quantile="1"} 0.25',
      ],
    );
  });

  test('has histograms whose buckets hold what is in those before', async () => {
    const [metrics] = await scrapes({ hub: HUB, gateways: [], late: [] });
    assert.deepEqual(metrics?.get('farthing_commit_transfers'), [
      '# HELP farthing_commit_transfers Transfers in one commit.',
      '# TYPE farthing_commit_transfers histogram',
      'farthing_commit_transfers_bucket{le="1"} 1',
      'farthing_commit_transfers_bucket{le="4"} 3',
      'farthing_commit_transfers_bucket{le="16"} 3',
      'farthing_commit_transfers_bucket{le="+Inf"} 4',
      'farthing_commit_transfers_sum 42',
      'farthing_commit_transfers_count 4',
    ]);
    assert.deepEqual(metrics.get('farthing_commit_seconds')?.slice(2), [
      'farthing_commit_seconds_bucket{le="0.0005"} 0',
      'farthing_commit_seconds_bucket{le="5"} 3',
      'farthing_commit_seconds_bucket{le="+Inf"} 4',
      'farthing_commit_seconds_sum 6.0021',
      'farthing_commit_seconds_count 4',
    ]);
  });

  test('says nothing of a thread that has said nothing, and keeps what books held that cannot be read', async () => {
    const silent = { hub: undefined, gateways: [undefined], late: ['hub', 'gateway-0'] };
    const unreadable = { ...HUB, accounts: undefined, circulation: undefined };
    const [before, , after] = await scrapes(
      silent,
      { hub: HUB, gateways: [GATEWAY], late: [] },
      { hub: unreadable, gateways: [GATEWAY], late: [] },
    );
    assert.deepEqual(before?.get('farthing_accounts')?.at(-1), 'farthing_accounts 0');
    assert.deepEqual(before?.get('farthing_commit_transfers')?.slice(2), [
      'farthing_commit_transfers_bucket{le="+Inf"} 0',
      'farthing_commit_transfers_sum 0',
      'farthing_commit_transfers_count 0',
    ]);
    assert.equal(before?.get('farthing_queue_depth')?.length, 4);
    assert.deepEqual(after?.get('farthing_accounts')?.at(-1), 'farthing_accounts 2');
    assert.deepEqual(
      after?.get('farthing_circulation_minor_units')?.at(-1),
      'farthing_circulation_minor_units 2000',
    );
  });
});
