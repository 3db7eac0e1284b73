import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { chooseBackend, type KeyPair, keyPairFromSecret } from '../../link/index.ts';
import {
  booksError,
  ControlSocket,
  ledgerPath,
  loadServerKey,
  prepareDataDir,
  requireNoneLost,
  ServerError,
} from '../../operator/index.ts';
import { DEFAULT_PORT } from '../../protocol/index.ts';
import { VERSION } from '../../system/version.ts';
import { newSharedCounts } from '../gateway/shared-counts.ts';
import type { HubThreadData } from '../hub-thread/messages.ts';
import { MAX_DEFAULT_GATEWAYS } from '../limits.ts';
import type { MetricsEndpoint } from '../metrics/endpoint.ts';
import { ThreadReadings } from '../metrics/thread-readings.ts';
import { checkOptions, type ServerOptions } from '../options.ts';
import { descriptorAdvice } from './descriptors.ts';
import { type CommonData, Gateways } from './gateways.ts';
import { Server } from './server.ts';
import { type HubThread, Thread } from './worker-thread.ts';

/**
 * Starts a server: the hub, which locks the data, then the gateways, which listen. Nothing is left running
 * when it throws.
 *
 * @throws ServerError `bad_option`; `bad_data_dir`, `bad_key_file` and those that begin with `data_`;
 * `port_in_use`, `port_forbidden`, `bad_address`; `crashed`
 * @example
 * ```ts
 * import { startServer } from 'farthing';
 *
 * const where = { dataDir: folder, host: '127.0.0.1', port: 0 };
 * const server = await startServer({ ...where, currency: 'hours', scale: 1 });
 * console.log(server.address.startsWith('farthing://127.0.0.1:')); // true
 * await server.stop();
 * ```
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  checkOptions(options);
  const warnings = prepareDataDir(options.dataDir);
  if (options.newBooks !== true) {
    requireNoneLost(options.dataDir);
  }
  const channels = Array.from({ length: options.workers ?? defaultWorkers() }, () => new MessageChannel());
  const { hub, accounts } = await startHub(
    options,
    channels.map(({ port1 }) => port1),
  );
  let gateways: Gateways | undefined;
  let metrics: MetricsEndpoint | undefined;
  let control: ControlSocket | undefined;
  try {
    // The hub holds the lock of the data folder by now: nobody else makes a key in it.
    const staticKeys = keyPairFromSecret(
      loadServerKey(options.dataDir, accounts > 0),
      chooseBackend(options.backend),
    );
    const common = gatewayData(options, staticKeys, channels.length);
    const advice = descriptorAdvice(common.counts.limits);
    if (advice !== undefined) {
      warnings.push(advice);
    }
    gateways = new Gateways(common, hub);
    const { host, port } = await gateways.start(channels);
    const { threads } = gateways;
    const readings = new ThreadReadings(
      () => hub.post({ type: 'read' }),
      threads.map((_, index) => () => threads[index]?.post({ type: 'read' })),
    );
    metrics = await startMetrics(options, readings);
    const { publicKey } = staticKeys;
    const { dataDir } = options;
    control = await openControl(dataDir, warnings);
    const parts = {
      host,
      port,
      publicKey,
      hub,
      gateways,
      readings,
      metrics,
      control,
      dataDir,
      version: VERSION,
    };
    return new Server({ ...parts, warnings });
  } catch (error) {
    metrics?.stop();
    await control?.close();
    await gateways?.terminate();
    await hub.finish({ type: 'stop' });
    throw error;
  }
}

function defaultWorkers(): number {
  return Math.min(MAX_DEFAULT_GATEWAYS, Math.max(1, availableParallelism() - 1));
}

async function startHub(
  options: ServerOptions,
  ports: HubThreadData['gateways'],
): Promise<{ hub: HubThread; accounts: number }> {
  const { grant, currency, scale, noRates = false, minFree, log = false } = options;
  const data: HubThreadData = {
    ledger: ledgerPath(options.dataDir),
    settings: { grant, currency, scale },
    gateways: ports,
    noRates,
    minFree,
    events: log,
    metrics: options.metrics !== undefined,
  };
  const hub: HubThread = new Thread('hub-thread', data, ports);
  const first = await hub.next();
  if (first.type === 'ready') {
    return { hub, accounts: first.accounts };
  }
  await hub.terminate();
  if (first.type !== 'failed') {
    throw new RangeError(`the hub began with ${first.type}`);
  }
  throw booksError(first.code, first.text);
}

function gatewayData(options: ServerOptions, staticKeys: KeyPair, gateways: number): CommonData {
  return {
    host: options.host,
    port: options.port ?? DEFAULT_PORT,
    staticKeys,
    agent: `farthing-server/${VERSION}`,
    suites: options.requirePq === true ? ['XXhfs'] : ['XX', 'XXhfs'],
    backend: chooseBackend(options.backend).name,
    counts: newSharedCounts(gateways, options),
    events: options.log === true,
    metrics: options.metrics !== undefined,
  };
}

/** Without it the server serves all the same: adds to `warnings` why it cannot be had. */
async function openControl(dataDir: string, warnings: string[]): Promise<ControlSocket | undefined> {
  try {
    return await ControlSocket.open(dataDir);
  } catch (error) {
    if (!(error instanceof ServerError && error.code === 'no_control')) {
      throw error;
    }
    warnings.push(error.message);
    return undefined;
  }
}

/** Nothing of it is loaded where nobody asked for metrics. */
async function startMetrics(
  { metrics }: ServerOptions,
  readings: ThreadReadings,
): Promise<MetricsEndpoint | undefined> {
  if (metrics === undefined) {
    return undefined;
  }
  const { MetricsEndpoint } = await import('../metrics/endpoint.ts');
  return MetricsEndpoint.start(metrics, () => readings.read());
}
