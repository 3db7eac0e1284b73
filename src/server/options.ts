import { MAX_AMOUNT, MAX_CURRENCY_BYTES, MAX_SCALE } from '../ledger/index.ts';
import { chooseBackend } from '../link/index.ts';
import { ServerError } from '../operator/index.ts';
import { MAX_PORT } from '../protocol/index.ts';
import { MAX_GATEWAYS, MOST_LINKS } from './limits.ts';
import type { MetricsOptions } from './metrics/endpoint.ts';

/** How a server is to run. */
export interface ServerOptions {
  /** The folder of the server's key and ledger, made where there is none. */
  readonly dataDir: string;
  /** 0: the system chooses. Default: 1960. */
  readonly port?: number | undefined;
  /** The address to listen on. Default: all of the machine. */
  readonly host?: string | undefined;
  /** Gateway threads. Default: one less than the processors, 1 to 8. */
  readonly workers?: number | undefined;
  /** Links at once. Default: 10,000. */
  readonly maxConnections?: number | undefined;
  /** Of these, from one IPv4 address or one IPv6 network (/64). Default: a tenth of all, and 100 at least. */
  readonly maxConnectionsPerAddress?: number | undefined;
  /** Welcome grant of a new account, minor units. Default: 10,000 whole units. */
  readonly grant?: number | undefined;
  /** The currency's name, for new books. Default: "dollars". */
  readonly currency?: string | undefined;
  /** Decimals of the currency, for new books. Default: 2. */
  readonly scale?: number | undefined;
  /** Begins new books in a folder that has a key but no books. Default: that is refused. */
  readonly newBooks?: boolean | undefined;
  /**
   * Bytes that must be free on the disk of the books before they may grow. Default: 64 MiB, or a tenth of a
   * small disk.
   */
  readonly minFree?: number | undefined;
  /** Refuses clients without the post-quantum suite. */
  readonly requirePq?: boolean | undefined;
  /** Lifts the rates of accounts and of registrations; no bound that protects the server. */
  readonly noRates?: boolean | undefined;
  /** The crypto implementation. Default: what the runtime does best. */
  readonly backend?: 'noble' | 'native' | undefined;
  /** Answers Prometheus there. Default: nowhere. */
  readonly metrics?: MetricsOptions | undefined;
  /** Emits an event for every connection, login and message; without it, for warnings only. */
  readonly log?: boolean | undefined;
}

/** Refuses options that no server can run with. @throws ServerError `bad_option` for the first of them */
export function checkOptions(options: ServerOptions): void {
  requireInteger('the port', options.port, 0, MAX_PORT);
  requireInteger('the port of the metrics', options.metrics?.port, 0, MAX_PORT);
  requireInteger('the number of workers', options.workers, 1, MAX_GATEWAYS);
  requireInteger('the number of connections', options.maxConnections, 1, MOST_LINKS);
  requireInteger('the number of connections per address', options.maxConnectionsPerAddress, 1, MOST_LINKS);
  requireInteger('the grant', options.grant, 0, MAX_AMOUNT);
  requireInteger('the space to leave free', options.minFree, 0, Number.MAX_SAFE_INTEGER);
  requireInteger('the scale', options.scale, 0, MAX_SCALE);
  const currencyBytes = options.currency === undefined ? undefined : Buffer.byteLength(options.currency);
  requireInteger('the number of bytes in the currency', currencyBytes, 1, MAX_CURRENCY_BYTES);
  try {
    chooseBackend(options.backend);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError('bad_option', text, { cause });
  }
}

function requireInteger(what: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) {
    return;
  }
  throw new ServerError('bad_option', `${what} must be a whole number from ${least} to ${most}`);
}
