/** A gateway's thread: listens, and carries between its links and the hub. */
import { parentPort, workerData } from 'node:worker_threads';
import type { HubInput } from '../../hub/index.ts';
import { chooseBackend, type Listener } from '../../link/index.ts';
import { encodeAgent } from '../../protocol/index.ts';
import { systemCode } from '../../system/errors.ts';
import { type PackedOutputs, unpackOutputs } from '../hub-thread/packed-outputs.ts';
import { LoopDelayMonitor } from '../metrics/loop-delay.ts';
import { Gateway } from './gateway.ts';
import type { FromGatewayThread, GatewayThreadData, ToGatewayThread } from './messages.ts';

/** What systems answer that cannot spread connections over several listeners (macOS, old kernels). */
const NOT_SHARED: ReadonlySet<string | undefined> = new Set(['ENOTSUP', 'EINVAL', 'ENOPROTOOPT', 'ENOSYS']);

const data = workerData as GatewayThreadData;

function report(message: FromGatewayThread): void {
  parentPort?.postMessage(message);
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
    if (shared && NOT_SHARED.has(systemCode(error))) {
      return listen(false);
    }
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
    if (code === undefined) {
      throw error;
    }
    report({ type: 'failed', code });
    return undefined;
  }
}

const delayMonitor = data.metrics ? new LoopDelayMonitor() : undefined;
const gateway = await start();
if (gateway !== undefined) {
  data.hub.on('message', (outputs: PackedOutputs) => gateway.deliver(unpackOutputs(outputs)));
  parentPort?.on('message', async (message: ToGatewayThread) => {
    if (message.type === 'read') {
      report({ type: 'reading', reading: { ...gateway.reading(), delay: delayMonitor?.reading() } });
      return;
    }
    await gateway.stop();
    // Of this thread only. What was posted has arrived already, and sockets that linger are not waited for.
    process.exit();
  });
}
