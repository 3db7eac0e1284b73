import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { orderId, temporaryFolder } from '../../hub/support/town.ts';
import { Client } from '../support/client.ts';
import { MAX_SCRAPERS, startServer } from '../support/internals.ts';

const LOCAL = { host: '127.0.0.1', port: 0, workers: 2 };

async function startMeasured(t: TestContext) {
  const server = await startServer({
    ...LOCAL,
    dataDir: temporaryFolder(t),
    grant: 1_000,
    metrics: { port: 0 },
  });
  t.after(() => server.stop());
  const { metricsUrl } = server;
  assert.ok(metricsUrl !== undefined);
  return { server, url: new URL(metricsUrl) };
}

/** The samples of one scrape by name and labels, as they are written. */
async function scrape(url: URL): Promise<Map<string, number>> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const samples = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('# HELP ') || line.startsWith('# TYPE ')) {
      continue;
    }
    const [, name = '', value = ''] = /^([a-z0-9_]+(?:\{[^}]*\})?) (\S+)$/i.exec(line) ?? [];
    assert.notEqual(name, '', line);
    assert.ok(!samples.has(name), `${name} once`);
    samples.set(name, Number(value));
  }
  return samples;
}

function silent(url: URL): Socket {
  return connect(Number(url.port), url.hostname)
    .on('error', () => {})
    .resume();
}

/** What a raw request is answered with, headers and all. */
async function ask(url: URL, request: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => {});
  socket.write(request);
  return text(socket);
}

test('without the option nothing answers', async (t) => {
  const server = await startServer({ ...LOCAL, dataDir: temporaryFolder(t) });
  t.after(() => server.stop());
  assert.equal(server.metricsUrl, undefined);
});

describe('metrics', () => {
  test('tell what happened and what there is, and never of whom', async (t) => {
    const { server, url } = await startMeasured(t);
    const alice = await Client.member(server, 'alice-in-metrics');
    await Client.member(server, 'bob-in-metrics');
    for (const id of [1, 2, 2]) {
      const order = { to: 'bob-in-metrics', amount: 5, id: orderId(id), memo: 'memo-in-metrics' };
      await alice.ask('pay', order);
    }
    await alice.ask('no-such-method-1');
    await alice.ask('no-such-method-2');
    const stranger = connect(server.port, '127.0.0.1');
    stranger.on('error', () => {});
    stranger.end('GET / HTTP/1.1\r\n\r\n');
    await once(stranger.resume(), 'close');

    const samples = await scrape(url);
    const expected = {
      farthing_connections: 2,
      'farthing_handshakes_total{outcome="ok"}': 2,
      'farthing_handshakes_total{outcome="bad_prelude"}': 1,
      'farthing_commands_total{method="pay",code="100"}': 3,
      'farthing_commands_total{method="unknown",code="400"}': 2,
      farthing_payments_total: 2,
      farthing_commit_failures_total: 0,
      farthing_commit_transfers_sum: 4,
      'farthing_commit_transfers_bucket{le="+Inf"}': samples.get('farthing_commit_transfers_count'),
      'farthing_queue_depth{queue="hub"}': 0,
      'farthing_queue_depth{queue="requests"}': 0,
      'farthing_queue_depth{queue="handshakes"}': 0,
      farthing_accounts: 2,
      farthing_accounts_online: 2,
      farthing_circulation_minor_units: 2_000,
    };
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(samples.get(name), value, name);
    }
    for (const thread of ['main', 'hub', 'gateway-0', 'gateway-1']) {
      assert.equal(samples.get(`farthing_thread_late{thread="${thread}"}`), 0);
      const worst = samples.get(`farthing_event_loop_delay_seconds{thread="${thread}",quantile="1"}`);
      assert.ok(worst !== undefined && worst >= 0 && worst < 60, thread);
    }
    assert.ok((samples.get('process_resident_memory_bytes') ?? 0) > 1_000_000);
    const names = [...samples.keys()].join('\n');
    assert.doesNotMatch(names, /in-metrics|no-such-method|127\.0\.0\.1/);
  });

  test('count on from scrape to scrape, and several at once get the same', async (t) => {
    const { server, url } = await startMeasured(t);
    const client = await Client.connect(server);
    for (const count of [1, 2]) {
      await client.ask('list');
      const all = await Promise.all([scrape(url), scrape(url), scrape(url)]);
      for (const samples of all) {
        assert.equal(samples.get('farthing_commands_total{method="list",code="220"}'), count);
      }
    }
  });

  const REFUSED: [request: string, answer: RegExp][] = [
    ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 404 /],
    ['GET /metrics/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 404 /],
    [
      'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc',
      /^HTTP\/1\.1 405 .*\r\nAllow: GET\r\n/s,
    ],
    ['DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 405 /],
    [`GET /metrics HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['\u0016\u0003\u0001\u0002\u0000', /^HTTP\/1\.1 400 /],
    ['CONNECT example.org:80 HTTP/1.1\r\nHost: example.org\r\n\r\n', /^$/],
  ];
  test('are all that is there', async (t) => {
    const { url } = await startMeasured(t);
    for (const [request, answer] of REFUSED) {
      const answered = await ask(url, request);
      assert.match(answered, answer);
      assert.doesNotMatch(answered, /farthing_/);
    }
    await scrape(url);
  });

  test('take few connections at once, which a stop does not wait for', async (t) => {
    const { server, url } = await startMeasured(t);
    const sockets = Array.from({ length: 40 }, () => silent(url));
    const closed = sockets.map((socket) => once(socket, 'close'));
    const turnedAway = new Promise<void>((resolve) => {
      let left = sockets.length - MAX_SCRAPERS;
      for (const socket of sockets) {
        socket.once('close', () => {
          left -= 1;
          if (left === 0) {
            resolve();
          }
        });
      }
    });
    await turnedAway;
    await server.stop();
    await Promise.all(closed);
  });

  test('at an address that is taken keep the server from starting, and nothing is left of it', async (t) => {
    const { url } = await startMeasured(t);
    const dataDir = temporaryFolder(t);
    const options = { ...LOCAL, dataDir };
    await assert.rejects(startServer({ ...options, metrics: { port: Number(url.port) } }), {
      code: 'port_in_use',
      message: new RegExp(`port ${url.port} of 127\\.0\\.0\\.1 is in use`),
    });
    await (await startServer(options)).stop();
  });
});
