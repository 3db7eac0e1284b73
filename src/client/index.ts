export { type FetchOptions, fetchServerKey } from './dial.ts';
export type { PeerUnreachableCode, WalletError } from './errors.ts';
export {
  BusyError,
  NotConnectedError,
  OutcomeUnknownError,
  PeerPortError,
  PeerRefusedError,
  PeerUnreachableError,
  RefusedError,
  WrongServerKeyError,
} from './errors.ts';
export { newOrderId } from './order-id.ts';
export type { Delivery, PeerListening } from './peers/peers.ts';
export type {
  LoginOptions,
  Payment,
  PayOptions,
  WalletEvents,
  WalletOptions,
} from './wallet.ts';
export { Wallet } from './wallet.ts';
