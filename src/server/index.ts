/** The server: gateways that hold the links, and a hub that owns the ledger. */

export type {
  FileReport as BooksReport,
  Journal,
  Progress,
  Transfer as BooksTransfer,
} from '../ledger/index.ts';
export { type AuditReport, isReason, MAX_REASON_BYTES, type Operation } from '../ledger/index.ts';
export { Administration, type ListedAccount } from './administration.ts';
export { auditBackup, auditBooks, backupBooks, openJournal, restoreBooks } from './archive.ts';
export { explained as explainedBooksError } from './books.ts';
export type { ServerStatus } from './control.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export type {
  ConnectEvent,
  DisconnectEvent,
  LoginEvent,
  LogoutEvent,
  MessageEvent,
  OperationEvent,
  ServerEvent,
  UnopenedEvent,
  WarningEvent,
} from './events.ts';
export { KEY_FILE } from './identity.ts';
export type { MetricsOptions } from './metrics-endpoint.ts';
export type { AccountReport, OperationOutcome } from './operations.ts';
export type { ServerOptions } from './options.ts';
export type { Answered, GatewayReading, HubReading, LoopDelay, Readings, Tallied } from './readings.ts';
export { Server, type ServerEvents } from './server.ts';
export { startServer } from './start.ts';
