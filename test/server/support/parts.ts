import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { generateKeyPair } from '../../../src/link/index.ts';
import type { HubInput } from '../../hub/support/internals.ts';
import { temporaryFolder } from '../../hub/support/town.ts';
import type { HubThread, HubThreadData } from './internals.ts';
import { type CommonData, Gateways, newSharedCounts, Server, Thread, ThreadReadings } from './internals.ts';

/** What makes a gateway that is told it end on an error of its own. */
export const NO_OUTPUTS = 42;

async function startHub(dataDir: string, gateways: HubThreadData['gateways']): Promise<HubThread> {
  const data: HubThreadData = {
    ledger: join(dataDir, 'ledger.db'),
    settings: {},
    gateways,
    noRates: false,
    minFree: 0,
    events: false,
    metrics: false,
  };
  const hub: HubThread = new Thread('hub-thread', data, gateways);
  assert.deepEqual(await hub.next(), { type: 'ready', accounts: 0 });
  return hub;
}

/** What so many gateways on a port of the system's choice are started with. */
export function gatewayData(gateways: number): CommonData {
  return {
    host: '127.0.0.1',
    port: 0,
    staticKeys: generateKeyPair(),
    agent: 'test/1',
    suites: ['XX'],
    backend: 'noble',
    counts: newSharedCounts(gateways),
    events: false,
    metrics: false,
  };
}

/** A server in the making of which a test had its hand. */
export interface Parts {
  readonly server: Server;
  readonly dataDir: string;
  /** Whoever posts here speaks to the hub as the first gateway. */
  readonly hub: MessagePort;
  /** Whoever posts here speaks to the first gateway as the hub. */
  readonly gateway: MessagePort;
  /** Links that the first gateway has told the hub of. */
  onFirst(): number;
}

/**
 * A server with two gateways. The first talks to the hub through the test; one that is started in its place
 * talks to the hub itself.
 */
export async function startParts(t: TestContext): Promise<Parts> {
  const dataDir = temporaryFolder(t);
  const [toHub, toGateway, other] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
  const hub = await startHub(dataDir, [toHub.port1, other.port1]);
  let onFirst = 0;
  toHub.port2.on('message', (message) => toGateway.port1.postMessage(message));
  toGateway.port1.on('message', (inputs: readonly HubInput[]) => {
    onFirst += inputs.filter(({ type }) => type === 'opened').length;
    toHub.port2.postMessage(inputs);
  });
  const data = gatewayData(2);
  const gateways = new Gateways(data, hub);
  const { host, port } = await gateways.start(
    [toGateway, other].map(({ port1, port2 }) => ({ port1, port2 })),
  );
  const server = new Server({
    host,
    port,
    publicKey: data.staticKeys.publicKey,
    hub,
    gateways,
    readings: new ThreadReadings(() => {}, []),
    metrics: undefined,
    control: undefined,
    dataDir,
    version: '0.0.0',
    warnings: [],
  });
  t.after(async () => {
    await server.stop();
    toHub.port2.close();
    toGateway.port1.close();
  });
  return { server, dataDir, hub: toHub.port2, gateway: toGateway.port1, onFirst: () => onFirst };
}
