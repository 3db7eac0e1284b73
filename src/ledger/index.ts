/** Who owns what: accounts, transfers, friends, and the store that keeps them. */

export {
  type Archive,
  ArchiveError,
  type ArchiveErrorCode,
  type BooksReport,
  type CopyOptions,
  type Journal,
  type JournalRange,
  type Progress,
  type RestoreReport,
} from './archive.ts';
export type { AuditReport } from './audit/audit.ts';
export type { Account, FriendState } from './books/account.ts';
export { Ledger, type LedgerSettings } from './ledger.ts';
export {
  MAX_AMOUNT,
  MAX_CURRENCY_BYTES,
  MAX_HISTORY,
  MAX_SCALE,
} from './limits.ts';
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
export { sqliteArchive } from './sqlite/archive.ts';
export {
  type Currency,
  ISSUER_NAME,
  type OperationKind,
  type Snapshot,
  type Store,
  StoreError,
  type StoreErrorCode,
} from './store.ts';
