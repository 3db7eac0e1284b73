import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { chooseBackend, type KeyPair, keyPairFromSecret, listen } from '../link/index.ts';
import { DEFAULT_PORT } from '../protocol/index.ts';
import { booksError, ledgerPath } from './books.ts';
import { ServerError, systemCode } from './errors.ts';
import { newCounters } from './gateway.ts';
import type { GatewayThreadData, GatewayThreadReport } from './gateway-thread.ts';
import type { HubThreadData } from './hub-thread.ts';
import { loadServerKey, prepareDataDir } from './identity.ts';
import { MAX_DEFAULT_GATEWAYS } from './limits.ts';
import { checkOptions, type ServerOptions } from './options.ts';
import { type GatewayThread, type HubThread, Server } from './server.ts';
import { Thread } from './thread.ts';

type Listening = Extract<GatewayThreadReport, { readonly type: 'listening' }>;

/**
 * Starts a server: the hub, which locks the data, then the gateways, which listen.
 * Rejects with ServerError, and leaves nothing running then.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  checkOptions(options);
  prepareDataDir(options.dataDir);
  const channels = Array.from({ length: options.workers ?? defaultWorkers() }, () => new MessageChannel());
  const { hub, accounts } = await startHub(
    options,
    channels.map(({ port1 }) => port1),
  );
  const gateways: GatewayThread[] = [];
  try {
    // The hub holds the lock of the data folder by now: nobody else makes a key in it.
    const staticKeys = keyPairFromSecret(
      loadServerKey(options.dataDir, accounts > 0),
      chooseBackend(options.backend),
    );
    const common = gatewayData(options, staticKeys);
    if (channels.length > 1 && common.port !== 0) await requireFreePort(common);
    const { host, port } = await startGateways(common, channels, gateways);
    return new Server({ host, port, publicKey: staticKeys.publicKey, hub, gateways });
  } catch (error) {
    await Promise.all(gateways.map((gateway) => gateway.terminate()));
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
  const { grant, currency, scale, noRates = false, log = false } = options;
  const data: HubThreadData = {
    ledger: ledgerPath(options.dataDir),
    settings: { grant, currency, scale },
    gateways: ports,
    noRates,
    events: log,
  };
  const hub: HubThread = new Thread('hub-thread', data, ports);
  const report = await hub.next();
  if (report.type === 'ready') return { hub, accounts: report.accounts };
  await hub.terminate();
  if (report.type !== 'failed') throw new RangeError(`the hub began with ${report.type}`);
  throw booksError(report.code, report.text);
}

type CommonData = Omit<GatewayThreadData, 'gateway' | 'hub' | 'shared'>;

function gatewayData(options: ServerOptions, staticKeys: KeyPair): CommonData {
  return {
    host: options.host,
    port: options.port ?? DEFAULT_PORT,
    staticKeys,
    agent: `farthing-server/${packageVersion()}`,
    suites: options.requirePq === true ? ['XXhfs'] : ['XX', 'XXhfs'],
    backend: chooseBackend(options.backend).name,
    counters: newCounters(),
    events: options.log === true,
  };
}

/** The first gateway chooses the port where the system is to choose; the others, where the system can do that, share it. */
async function startGateways(
  common: CommonData,
  channels: readonly MessageChannel[],
  gateways: GatewayThread[],
): Promise<Listening> {
  const shared = channels.length > 1;
  const start = async (index: number, port: number): Promise<Listening> => {
    const hub = channels[index]?.port2;
    if (hub === undefined) throw new RangeError(`no channel for gateway ${index}`);
    const data: GatewayThreadData = { ...common, port, gateway: index, hub, shared };
    const gateway: GatewayThread = new Thread('gateway-thread', data, [hub]);
    gateways.push(gateway);
    const report = await gateway.next();
    if (report.type === 'listening') return report;
    throw listenError(report.code, common.host, port);
  };
  const first = await start(0, common.port);
  const others = channels.slice(1);
  if (first.shared) await Promise.all(others.map((_, index) => start(index + 1, first.port)));
  // A port that nobody reads would keep everything that is told to all gateways.
  else for (const { port2 } of others) port2.close();
  return first;
}

/** Listeners that share a port would share it with another server too: first nobody at all may be there. */
async function requireFreePort({ host, port, staticKeys }: CommonData): Promise<void> {
  const where = { port, ...(host === undefined ? {} : { host }) };
  try {
    const probe = await listen({
      ...where,
      purpose: 'server',
      staticKeys,
      payload: new Uint8Array(0),
      admit: () => false,
    });
    probe.close();
  } catch (error) {
    throw listenError(systemCode(error), host, port);
  }
}

function listenError(code: string | undefined, host: string | undefined, port: number): ServerError {
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  if (code === 'EADDRINUSE') return new ServerError('port_in_use', `${where} is in use by another program`);
  if (code === 'EACCES')
    return new ServerError('port_forbidden', `${where} is not for this user: choose one above 1023`);
  return new ServerError('bad_address', `cannot listen on ${where} (${code ?? 'unknown error'})`);
}

/** The version in package.json, which stands at the same distance from the sources and from the build. */
function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}
