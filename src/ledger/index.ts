/**
 * Who owns what: accounts, transfers, friends. An archive opens the books as a store, and a ledger works on
 * that.
 */

export {
  type Archive,
  ArchiveError,
  type ArchiveErrorCode,
  type BooksReport,
  type CopyOptions,
  type Journal,
  type Progress,
  type RestoreReport,
} from './archive.ts';
export type { AuditReport } from './audit/audit.ts';
export { Ledger, type LedgerSettings } from './ledger.ts';
export { MAX_AMOUNT, MAX_CURRENCY_BYTES, MAX_SCALE } from './limits.ts';
export type { Friend } from './rules/friends.ts';
export { isReason, MAX_REASON_BYTES, type Operation, operationOrder } from './rules/operate.ts';
export type { Order, Transfer } from './rules/order.ts';
export type { OperationStatus } from './rules/statuses.ts';
export { sqliteArchive } from './sqlite/archive.ts';
export {
  ISSUER_NAME,
  type OperationKind,
  type Snapshot,
  type Store,
  StoreError,
  type StoreErrorCode,
} from './store.ts';
