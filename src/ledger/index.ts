/** Who owns what: accounts, transfers, friends, and the store that keeps them. */

export type { AuditReport } from './audit.ts';
export type { Account, FriendState } from './books.ts';
export type { BefriendResult, Friend, UnfriendResult } from './friends.ts';
export { Ledger, type LedgerSettings } from './ledger.ts';
export {
  MAX_AMOUNT,
  MAX_CURRENCY_BYTES,
  MAX_HISTORY,
  MAX_SCALE,
} from './limits.ts';
export {
  isReason,
  MAX_REASON_BYTES,
  type Operation,
  type OperationResult,
  operationOrder,
} from './operate.ts';
export type { Progress } from './progress.ts';
export type { RegisterResult } from './register.ts';
export { readAgain } from './sqlite/at-rest.ts';
export { auditFile, type FileReport } from './sqlite/audit-file.ts';
export { backupSqlite, type CopyOptions } from './sqlite/backup.ts';
export { Journal, type JournalRange } from './sqlite/journal.ts';
export { openSqlite } from './sqlite/open.ts';
export { type RestoreReport, restoreSqlite } from './sqlite/restore.ts';
export { SqliteSnapshot } from './sqlite/snapshot.ts';
export {
  BEFRIEND_STATUSES,
  type BefriendStatus,
  OPERATION_STATUSES,
  type OperationStatus,
  REGISTER_STATUSES,
  type RegisterStatus,
  TRANSFER_STATUSES,
  type TransferStatus,
  UNFRIEND_STATUSES,
  type UnfriendStatus,
} from './statuses.ts';
export {
  type Currency,
  ISSUER_NAME,
  type OperationKind,
  type Store,
  StoreError,
  type StoreErrorCode,
} from './store.ts';
export type { Order, Transfer, TransferResult } from './transfer.ts';
