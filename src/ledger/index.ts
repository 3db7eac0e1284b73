/** Who owns what: accounts, transfers, friends, and the store that keeps them. */

export type { AuditReport } from './audit/audit.ts';
export type { Account, FriendState } from './books/account.ts';
export { Ledger, type LedgerSettings } from './ledger.ts';
export {
  MAX_AMOUNT,
  MAX_CURRENCY_BYTES,
  MAX_HISTORY,
  MAX_SCALE,
} from './limits.ts';
export type { Progress } from './progress.ts';
export type { BefriendResult, Friend, UnfriendResult } from './rules/friends.ts';
export {
  isReason,
  MAX_REASON_BYTES,
  type Operation,
  type OperationResult,
  operationOrder,
} from './rules/operate.ts';
export type { Order, Transfer } from './rules/order.ts';
export type { RegisterResult } from './rules/register.ts';
export type {
  BefriendStatus,
  CheckStatus,
  OperationStatus,
  RegisterStatus,
  TransferStatus,
  UnfriendStatus,
} from './rules/statuses.ts';
export type { CheckResult, TransferResult } from './rules/transfer.ts';
export { auditFile, type FileReport } from './sqlite/files/audit-file.ts';
export { backupSqlite, type CopyOptions } from './sqlite/files/backup.ts';
export { Journal, type JournalRange } from './sqlite/files/journal.ts';
export { type RestoreReport, restoreSqlite } from './sqlite/files/restore.ts';
export { openSqlite } from './sqlite/live/open.ts';
export { readAgain } from './sqlite/snapshot/at-rest.ts';
export { SqliteSnapshot } from './sqlite/snapshot/snapshot.ts';
export {
  type Currency,
  ISSUER_NAME,
  type OperationKind,
  type Store,
  StoreError,
  type StoreErrorCode,
} from './store.ts';
