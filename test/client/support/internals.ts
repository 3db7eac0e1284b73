// What tests use of the inside of src/client: the one place that names its files.
export { type Answer, type CallHandlers, Calls, freeId } from '../../../src/client/calls.ts';
export {
  ANSWER_DEADLINE_MS,
  DIRECT_GRACE_MS,
  EARSHOT_BURST,
  EARSHOT_BYTES,
  EARSHOT_PER_SECOND,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  MAX_EARS,
  MAX_LINKS_PER_PEER,
  MAX_PUT_OFFS,
  MAX_STRANGERS,
  MAX_UNCONFIRMED,
  MAX_WAITING,
  STABLE_LINK_MS,
} from '../../../src/client/limits.ts';
export { newOrderId } from '../../../src/client/order-id.ts';
export { placeOrder } from '../../../src/client/orders.ts';
export { Arrivals } from '../../../src/client/peers/arrivals.ts';
export { Earshot } from '../../../src/client/peers/earshot.ts';
export { Backoff } from '../../../src/client/reconnect.ts';
