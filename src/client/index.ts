export type { Address } from './address.ts';
export { formatAddress, formatEndpoint, parseAddress } from './address.ts';
export { type FetchOptions, fetchServerKey } from './dial.ts';
export type { PeerUnreachableCode, WalletFileErrorCode } from './errors.ts';
export {
  BusyError,
  NotConnectedError,
  OutcomeUnknownError,
  PeerPortError,
  PeerRefusedError,
  PeerUnreachableError,
  RefusedError,
  WalletFileError,
  WrongServerKeyError,
} from './errors.ts';
export { createIdentity, loadIdentity, openIdentity } from './identity.ts';
export type { KnownServer } from './known-servers.ts';
export { KnownServers } from './known-servers.ts';
export { newOrderId } from './order-id.ts';
export type { Delivery, PeerListening } from './peers.ts';
export type { Profile } from './profile.ts';
export { configFolder, loadProfile, profileFolder, saveProfile } from './profile.ts';
export type {
  ConnectOptions,
  LoginOptions,
  Payment,
  PayOptions,
  WalletEvents,
} from './wallet.ts';
export { Wallet } from './wallet.ts';
