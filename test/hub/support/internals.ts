// What tests use of the inside of src/hub: the one place that names its files.
export { HubCounters } from '../../../src/hub/counters.ts';
export type { ServerEvent, UnnumberedEvent } from '../../../src/hub/events.ts';
export { Tally } from '../../../src/hub/histogram.ts';
export { Hub, type HubResult, type HubSettings } from '../../../src/hub/hub.ts';
export type { Closed, HubInput, Opened, Request } from '../../../src/hub/inputs.ts';
export {
  FAILED_LOGINS_BURST,
  MAX_HOST_BYTES,
  PAYMENTS_BURST,
  PAYMENTS_PER_SECOND,
  REGISTRATIONS_BURST,
  REQUESTS_BURST,
  REQUESTS_PER_SECOND,
} from '../../../src/hub/limits.ts';
export type { Operate, OperationOutcome } from '../../../src/hub/operations.ts';
export type { Answer, HubOutput } from '../../../src/hub/outputs.ts';
export type { Room } from '../../../src/hub/room.ts';
