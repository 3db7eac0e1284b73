/** The hub: who is online, and what every command means. Batches and a time go in, outputs come out. */
export type {
  ConnectEvent,
  DisconnectEvent,
  LoginEvent,
  LogoutEvent,
  MessageEvent,
  OperationEvent,
  ServerEvent,
  UnnumberedEvent,
  UnopenedEvent,
  WarningEvent,
} from './events.ts';
export type { Tallied } from './histogram.ts';
export { Hub, type HubResult, type HubSettings } from './hub.ts';
export type { HubInput, Opened, Renewed, RequestOf } from './inputs.ts';
export {
  type AccountReport,
  accountReport,
  type Holdings,
  type Operate,
  type Operated,
  type OperationOutcome,
  operateOn,
  ordersOf,
} from './operations.ts';
export type { Arrived, Close, Departed, HubOutput, ViewReply } from './outputs.ts';
export type { Answered, HubReading } from './reading.ts';
export type { Room } from './room.ts';
