/** The server: gateways that hold the links, and a hub that owns the ledger. */
export type { AuditReport } from '../ledger/index.ts';
export { auditBooks, type BooksReport } from './books.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export type {
  ConnectEvent,
  DisconnectEvent,
  LoginEvent,
  LogoutEvent,
  MessageEvent,
  ServerEvent,
  UnopenedEvent,
  WarningEvent,
} from './events.ts';
export type { ServerOptions } from './options.ts';
export { Server, type ServerEvents } from './server.ts';
export { startServer } from './start.ts';
