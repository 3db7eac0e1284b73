// What tests use of the inside of src/hub: the one place that names its files.
export type { ServerEvent, UnnumberedEvent } from '../../../src/hub/events.ts';
export { Hub, type HubResult, type HubSettings } from '../../../src/hub/hub.ts';
export type { HubInput, KnownRequest, LinkClosed, LinkOpened, Operate } from '../../../src/hub/inputs.ts';
export {
  FAILED_LOGINS_BURST,
  MAX_HOST_BYTES,
  PAYMENTS_BURST,
  PAYMENTS_PER_SECOND,
  REGISTRATIONS_BURST,
  REQUESTS_BURST,
  REQUESTS_PER_SECOND,
} from '../../../src/hub/limits.ts';
export { HubCounters } from '../../../src/hub/metrics/counters.ts';
export { Histogram } from '../../../src/hub/metrics/histogram.ts';
export type { HubOutput } from '../../../src/hub/outputs.ts';
export type { OperationOutcome } from '../../../src/hub/reports.ts';
export type { Space } from '../../../src/hub/space.ts';
