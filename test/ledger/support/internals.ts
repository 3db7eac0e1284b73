// What tests use of the inside of src/ledger: the one place that names its files.
export type { JournalRange } from '../../../src/ledger/archive.ts';
export { JournalledTable } from '../../../src/ledger/books/journalled-table.ts';
export {
  MAX_ACCOUNTS,
  MAX_FRIENDS,
  MAX_HISTORY,
  MAX_REQUESTS,
  MILESTONE_INTERVAL,
} from '../../../src/ledger/limits.ts';
export type { BefriendResult, UnfriendResult } from '../../../src/ledger/rules/friends.ts';
export { grantId } from '../../../src/ledger/rules/register.ts';
export {
  BEFRIEND_STATUSES,
  type BefriendStatus,
  CHECK_STATUSES,
  type CheckStatus,
  OPERATION_STATUSES,
  REGISTER_STATUSES,
  type RegisterStatus,
  TRANSFER_STATUSES,
  type TransferStatus,
  UNFRIEND_STATUSES,
  type UnfriendStatus,
} from '../../../src/ledger/rules/statuses.ts';
export { requireSoundLog } from '../../../src/ledger/sqlite/format/log-check.ts';
export { APPLICATION_ID, MIGRATIONS } from '../../../src/ledger/sqlite/format/schema.ts';
export { configure, requireSettings } from '../../../src/ledger/sqlite/format/settings.ts';
export { openSqlite } from '../../../src/ledger/sqlite/live/open.ts';
export {
  type AccountRow,
  type Changes,
  type Currency,
  type FriendshipRow,
  ISSUER_ID,
  type Movement,
  type OperationRow,
  type OrderKey,
  type Snapshot,
  type Standing,
  type Store,
  type StoredBooks,
  StoreError,
  type TransferRow,
} from '../../../src/ledger/store.ts';
