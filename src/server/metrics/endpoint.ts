/** Where a server's metrics are read: HTTP, one page, for a Prometheus that the operator runs. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { systemCode } from '../../system/errors.ts';
import { MAX_SCRAPERS, SCRAPE_HEADER_BYTES, SCRAPE_TIMEOUT_MS } from '../limits.ts';
import { listenError } from '../listen-error.ts';
import { Metrics } from './metrics.ts';
import type { Readings } from './readings.ts';

/** Where metrics are to be read. */
export interface MetricsOptions {
  /** Default: this machine alone, 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0: the system chooses. */
  readonly port: number;
}

const PATH = '/metrics';

/** Answers `GET /metrics`, and nothing else. */
export class MetricsEndpoint {
  readonly host: string;
  readonly port: number;
  readonly #http: Server;
  readonly #metrics: Metrics;

  private constructor(http: Server, metrics: Metrics) {
    const bound = http.address();
    assert(bound !== null && typeof bound === 'object', 'it listens on a port');
    this.host = bound.address;
    this.port = bound.port;
    this.#http = http;
    this.#metrics = metrics;
  }

  /** `http://HOST:PORT/metrics` */
  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `http://${host}:${this.port}${PATH}`;
  }

  /** Begins to listen. @throws ServerError `port_in_use`, `port_forbidden` or `bad_address` */
  static start(options: MetricsOptions, read: () => Promise<Readings>): Promise<MetricsEndpoint> {
    const { host = '127.0.0.1', port } = options;
    const metrics = new Metrics();
    const http = createServer(
      {
        maxHeaderSize: SCRAPE_HEADER_BYTES,
        headersTimeout: SCRAPE_TIMEOUT_MS,
        requestTimeout: SCRAPE_TIMEOUT_MS,
        connectionsCheckingInterval: SCRAPE_TIMEOUT_MS / 5,
      },
      (request, response) => {
        response.on('error', () => {});
        answer(request, response, metrics, read).catch(() => end(response, 500, 'Something went wrong\n'));
      },
    );
    http.maxConnections = MAX_SCRAPERS;
    // A reader who does not read.
    http.setTimeout(SCRAPE_TIMEOUT_MS);
    return new Promise((resolve, reject) => {
      http.once('error', (error) => {
        metrics.stop();
        reject(listenError(systemCode(error), host, port));
      });
      http.listen({ host, port }, () => {
        http.removeAllListeners('error');
        http.on('error', () => {});
        resolve(new MetricsEndpoint(http, metrics));
      });
    });
  }

  /** Ends all that is open. */
  stop(): void {
    this.#http.close();
    this.#http.closeAllConnections();
    this.#metrics.stop();
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
  read: () => Promise<Readings>,
): Promise<void> {
  // One request a connection: so few are let in that none may keep its place.
  response.shouldKeepAlive = false;
  const [path] = (request.url ?? '').split('?');
  if (path !== PATH) {
    end(response, 404, `Nothing here but ${PATH}\n`);
  } else if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET');
    end(response, 405, 'Only GET\n');
  } else {
    const text = await metrics.text(await read());
    response.setHeader('Content-Type', metrics.contentType);
    response.end(text);
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}
