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
export type { RegisterResult } from './register.ts';
export { openSqlite } from './sqlite/open.ts';
export {
  BEFRIEND_STATUSES,
  type BefriendStatus,
  REGISTER_STATUSES,
  type RegisterStatus,
  TRANSFER_STATUSES,
  type TransferStatus,
  UNFRIEND_STATUSES,
  type UnfriendStatus,
} from './statuses.ts';
export { type Currency, type Store, StoreError, type StoreErrorCode } from './store.ts';
export type { Order, Transfer, TransferResult } from './transfer.ts';
