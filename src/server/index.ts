/** The server: gateways that hold the links, and a thread that owns the books. */
export type {
  AnswerCount,
  ConnectEvent,
  DisconnectEvent,
  HistogramReading,
  HubReading,
  LoginEvent,
  LogoutEvent,
  MessageEvent,
  OperationEvent,
  ServerEvent,
  UnopenedEvent,
  WarningEvent,
} from '../hub/index.ts';
export { STOP_DEADLINE_MS } from './limits.ts';
export { Server, type ServerEvents } from './main/server.ts';
export { startServer } from './main/start.ts';
export type { MetricsOptions } from './metrics/endpoint.ts';
export type {
  GatewayReading,
  HandshakeOutcome,
  HubThreadReading,
  LoopDelay,
  Readings,
} from './metrics/readings.ts';
export type { ServerOptions } from './options.ts';
