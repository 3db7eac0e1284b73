// What tests use of the inside of src/server: the one place that names its files.

export { collectGarbage } from '../../../src/server/gateway/collect-garbage.ts';
export { Connection } from '../../../src/server/gateway/connection.ts';
export { Gateway } from '../../../src/server/gateway/gateway.ts';
export { OnlineList } from '../../../src/server/gateway/online-list.ts';
export { lastConn, newSharedCounts, nextConn } from '../../../src/server/gateway/shared-counts.ts';
export { DiskSpace } from '../../../src/server/hub-thread/disk-space.ts';
export type { HubThreadData, ToHubThread } from '../../../src/server/hub-thread/messages.ts';
export {
  type GatewayOutput,
  type PackedOutputs,
  packOutputs,
  unpackOutputs,
} from '../../../src/server/hub-thread/packed-outputs.ts';
export {
  HEAVY_WEIGHT,
  MAX_LISTED,
  MAX_OPEN_WEIGHT,
  MAX_READ_AT_ONCE,
  MAX_RESTARTS,
  MAX_SCRAPERS,
  STALL_LIMIT_MS,
  STOP_DEADLINE_MS,
} from '../../../src/server/limits.ts';
export { descriptorAdvice } from '../../../src/server/main/descriptors.ts';
export { type CommonData, Gateways } from '../../../src/server/main/gateways.ts';
export { reachableHost } from '../../../src/server/main/reachable-host.ts';
export { Server } from '../../../src/server/main/server.ts';
export { startServer } from '../../../src/server/main/start.ts';
export { type HubThread, Thread } from '../../../src/server/main/worker-thread.ts';
export { Metrics } from '../../../src/server/metrics/metrics.ts';
export type { GatewayReading, HubThreadReading, Readings } from '../../../src/server/metrics/readings.ts';
export { ThreadReadings } from '../../../src/server/metrics/thread-readings.ts';
