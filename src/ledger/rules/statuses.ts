/**
 * Every operation of the ledger has one status out of an ordered list. The conditions are tried from the top;
 * the first that holds is the answer, and `ok`, the last, means that none did. Only `ok` changes anything.
 */

/** The statuses of a registration, in order. */
export const REGISTER_STATUSES = [
  /** An account, or the issuer, has this name. */
  'name_taken',
  /** The ledger has `MAX_ACCOUNTS` accounts. */
  'too_many_accounts',
  /** The welcome grant would bring the circulation above `MAX_AMOUNT`. */
  'issue_exhausted',
  /** The account exists now, with its welcome grant. */
  'ok',
] as const;

/** What decides an order before the payer's balance does, in order. */
const BEFORE_BALANCE = [
  /** The amount is not an integer from 1 to `MAX_AMOUNT`. */
  'bad_amount',
  /** The payer has given this very order before; the answer is its first transfer, and nothing moves. */
  'exists',
  /** The payer has used this id for another payee, amount or memo. */
  'id_reused',
  /** The operator has frozen the payer's account. */
  'payer_frozen',
  /** No account has the payee's name. */
  'payee_unknown',
  /** Payer and payee are the same account. */
  'payee_self',
  /** The operator has frozen the payee's account. */
  'payee_frozen',
] as const;

/**
 * The statuses of a transfer, in order: those of the protocol's README, 4, but for what the payee's link
 * decides there.
 */
export const TRANSFER_STATUSES = [
  ...BEFORE_BALANCE,
  /** The payer's balance is smaller than the amount. */
  'insufficient_funds',
  /** The money has moved. */
  'ok',
] as const;

/**
 * The statuses of an order that is only looked at, in order: those of a transfer, as far as the payer's
 * balance.
 */
export const CHECK_STATUSES = [
  ...BEFORE_BALANCE,
  /** None of these: the payer's balance decides. */
  'payable',
] as const;

/** The statuses of a friend request or of its acceptance, in order. */
export const BEFRIEND_STATUSES = [
  /** No account has the other's name. */
  'unknown',
  /** Both names are the same account. */
  'self',
  /** One of the two has `MAX_FRIENDS` friends and requests, or the other has `MAX_REQUESTS` waiting. */
  'too_many',
  /** Asked, accepted, or so already. */
  'ok',
] as const;

/** The statuses of ending a friendship, withdrawing a request or declining one, in order. */
export const UNFRIEND_STATUSES = [
  /** No account has the other's name. */
  'unknown',
  /** Both names are the same account. */
  'self',
  /** Nothing is between the two any more, or was. */
  'ok',
] as const;

/** The statuses of an operator's operation, in order; each kind of operation has some of them. */
export const OPERATION_STATUSES = [
  /** No account has the name. */
  'account_unknown',
  /** Issue, redeem: the amount is not an integer from 1 to `MAX_AMOUNT`. */
  'bad_amount',
  /**
   * Issue, redeem: this very operation was carried out before; the answer is its transfer, and nothing moves.
   */
  'exists',
  /** Issue, redeem: the id belongs to another transfer of the same payer. */
  'id_reused',
  /** Freeze: it is frozen already. */
  'already_frozen',
  /** Unfreeze: it is not frozen. */
  'not_frozen',
  /** Rekey: it has this key already. */
  'same_key',
  /** Issue: the circulation would exceed `MAX_AMOUNT`. */
  'issue_exhausted',
  /** Redeem: the balance is smaller than the amount. */
  'insufficient_funds',
  /** Done, and entered into the operator's log. */
  'ok',
] as const;

export type RegisterStatus = (typeof REGISTER_STATUSES)[number];
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];
export type CheckStatus = (typeof CHECK_STATUSES)[number];
export type BefriendStatus = (typeof BEFRIEND_STATUSES)[number];
export type UnfriendStatus = (typeof UNFRIEND_STATUSES)[number];
/** What came of what the operator did to an account: `ok`, or why nothing was done. */
export type OperationStatus = (typeof OPERATION_STATUSES)[number];
