// What tests use of the inside of src/client: the one place that names its files.
export { Backoff } from '../../../src/client/backoff.ts';
export { type CallHandlers, Calls, freeId, type Reply } from '../../../src/client/calls.ts';
export {
  ANSWER_DEADLINE_MS,
  DIRECT_GRACE_MS,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  MAX_LINKS_PER_PEER,
  MAX_ORDER_RETRIES,
  MAX_PEER_QUOTAS,
  MAX_UNCONFIRMED_PAYMENTS,
  MAX_UNVERIFIED_LINKS,
  MAX_WAITING_PAYMENTS,
  PEER_QUOTA_BURST,
  PEER_QUOTA_LINE_BYTES,
  PEER_QUOTA_PER_SECOND,
  STABLE_LINK_MS,
} from '../../../src/client/limits.ts';
export { newOrderId } from '../../../src/client/order-id.ts';
export { placeOrder } from '../../../src/client/orders.ts';
export { IncomingPayments } from '../../../src/client/peers/incoming-payments.ts';
export { PeerQuota } from '../../../src/client/peers/peer-quota.ts';
export { isFinal, isTemporary } from '../../../src/client/refusals.ts';
