/** The library: links that encrypt themselves, a wallet over such links, and the server that keeps the books. */
export {
  BusyError,
  type Delivery,
  type FetchOptions,
  fetchServerKey,
  type LoginOptions,
  NotConnectedError,
  newOrderId,
  OutcomeUnknownError,
  type Payment,
  type PayOptions,
  type PeerListening,
  PeerPortError,
  PeerRefusedError,
  type PeerUnreachableCode,
  PeerUnreachableError,
  RefusedError,
  Wallet,
  type WalletEvents,
  type WalletOptions,
  WrongServerKeyError,
} from './client/index.ts';
export {
  type Backend,
  type ConnectOptions,
  chooseBackend,
  connect,
  generateKeyPair,
  type KeyPair,
  keyPairFromSecret,
  Link,
  LinkError,
  type LinkErrorCode,
  type LinkEvents,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  listen,
  MAX_MESSAGE,
  MAX_PAYLOAD,
  type Purpose,
  type Suite,
} from './link/index.ts';
export { type AuditReport, ServerError, type ServerErrorCode } from './operator/index.ts';
export type {
  AccountView,
  Currency,
  Friend,
  FriendState,
  HistoryParams,
  LookupResult,
  OnlineEntry,
  Transfer,
} from './protocol/index.ts';
export { type Address, formatAddress, parseAddress } from './protocol/index.ts';
export type { ServerEvent } from './server/index.ts';
export { Server, type ServerOptions, startServer } from './server/index.ts';
