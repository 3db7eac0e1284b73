/** A gateway's thread: listens, and carries between its links and the hub. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { chooseBackend, type KeyPair, type Listener, type Suite } from '../link/index.ts';
import { encodeAgent } from '../protocol/index.ts';
import type { SharedCounts } from './admission.ts';
import { systemCode } from './errors.ts';
import type { HubInput } from './exchange.ts';
import { Gateway } from './gateway.ts';
import { LoopDelayMonitor } from './loop-delay.ts';
import { openParcel, type Parcel } from './parcel.ts';
import type { GatewayReading } from './readings.ts';

/** What the thread is started with. */
export interface GatewayThreadData {
  /** From 0. */
  readonly gateway: number;
  readonly host: string | undefined;
  readonly port: number;
  /** Whether other gateways are to listen on the same port. */
  readonly shared: boolean;
  readonly staticKeys: KeyPair;
  readonly agent: string;
  readonly suites: readonly Suite[];
  readonly backend: 'noble' | 'native';
  readonly hub: MessagePort;
  readonly counts: SharedCounts;
  readonly events: boolean;
  /** Whether the delay of its event loop is watched. */
  readonly metrics: boolean;
}

/** What the main thread asks of it. `stop`: to answer what it has taken, to close its links and to end. */
export type GatewayThreadOrder = { readonly type: 'read' } | { readonly type: 'stop' };

/** What it tells the main thread. `listening` or `failed` comes first, once. */
export type GatewayThreadReport =
  | {
      readonly type: 'listening';
      readonly host: string;
      readonly port: number;
      /** False where the system does not let several listen on one port. */
      readonly shared: boolean;
    }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'reading'; readonly reading: GatewayReading };

/** What systems answer that cannot spread connections over several listeners (macOS, old kernels). */
const NOT_SHARED: ReadonlySet<string | undefined> = new Set(['ENOTSUP', 'EINVAL', 'ENOPROTOOPT', 'ENOSYS']);

const data = workerData as GatewayThreadData;

function report(what: GatewayThreadReport): void {
  parentPort?.postMessage(what);
}

function newGateway(reusePort: boolean): Gateway {
  const { gateway, host, port, staticKeys, suites, agent, backend, hub, counts, events } = data;
  return new Gateway({
    gateway,
    events,
    counts,
    listen: {
      ...(host === undefined ? {} : { host }),
      port,
      reusePort,
      purpose: 'server',
      staticKeys,
      payload: encodeAgent(agent),
      suites,
      backend: chooseBackend(backend),
    },
    post: (inputs: readonly HubInput[]) => hub.postMessage(inputs),
    warn: (text) => report({ type: 'warning', text }),
  });
}

async function listen(shared: boolean): Promise<{ gateway: Gateway; listener: Listener; shared: boolean }> {
  const gateway = newGateway(shared);
  try {
    return { gateway, listener: await gateway.start(), shared };
  } catch (error) {
    if (shared && NOT_SHARED.has(systemCode(error))) return listen(false);
    throw error;
  }
}

async function start(): Promise<Gateway | undefined> {
  try {
    const { gateway, listener, shared } = await listen(data.shared);
    report({ type: 'listening', host: listener.host, port: listener.port, shared });
    return gateway;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    report({ type: 'failed', code });
    return undefined;
  }
}

const delayMonitor = data.metrics ? new LoopDelayMonitor() : undefined;
const gateway = await start();
if (gateway !== undefined) {
  data.hub.on('message', (parcel: Parcel) => gateway.deliver(openParcel(parcel)));
  parentPort?.on('message', async (order: GatewayThreadOrder) => {
    if (order.type === 'read') {
      report({ type: 'reading', reading: { ...gateway.reading(), delay: delayMonitor?.reading() } });
      return;
    }
    await gateway.stop();
    // Of this thread only. What was posted has arrived already, and sockets that linger are not waited for.
    process.exit();
  });
}
