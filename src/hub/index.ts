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
export { Hub, type HubResult, type HubSettings } from './hub.ts';
export type { GatewayRenewed, HubInput, KnownRequest, LinkOpened, Operate } from './inputs.ts';
export type { HistogramReading } from './metrics/histogram.ts';
export type { AnswerCount, HubReading } from './metrics/reading.ts';
export type { Arrived, Close, Departed, HubOutput, ViewReply } from './outputs.ts';
export type {
  AccountReport,
  Holdings,
  Operated,
  OperationOutcome,
} from './reports.ts';
export type { Space } from './space.ts';
