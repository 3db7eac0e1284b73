/**
 * What the operator does, with or without a running server: audit, backup, restore, export, accounts, the
 * server's identity.
 */
export type { AccountReport, OperationOutcome } from '../hub/index.ts';
export {
  type AuditReport,
  type BooksReport,
  isReason,
  type Journal,
  MAX_REASON_BYTES,
  type Operation,
  type OperationKind,
  type OperationStatus,
  type Progress,
  type Transfer as BooksTransfer,
} from '../ledger/index.ts';
export { Administration, type ListedAccount } from './administration.ts';
export { auditBackup, auditBooks, backupBooks, openJournal, restoreBooks } from './books.ts';
export { answerControl, type Controlled, type ServerStatus } from './control.ts';
export { ControlSocket } from './control-socket.ts';
export { booksError, explained, ledgerPath, requireNoneLost } from './data-folder.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export { KEY_FILE, loadServerKey, prepareDataDir } from './identity.ts';
